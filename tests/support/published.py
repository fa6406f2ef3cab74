"""First pages as publishers set them, for `first_pages`; all people, places, titles and journals are invented."""

TITLE = "Who waters the square? Residents and officers in six small towns"
SQUARE = "title 17 | Who waters the square? Residents and officers in six\n| small towns"
BODY = (
    "Residents and officers met in the old library every second Tuesday, and nobody knew who had called the meeting. "
    * 3
)
ABSTRACT = f"heading 11 | Abstract\nbody 10 | {BODY}"

ELSEVIER = f"""
    head 8 | Local Services & Society 212 (2018) 1–9
    front 8 | Contents lists available at ScienceDirect
    | Local Services & Society
    | journal homepage: www.example.com/locate/lss
    {SQUARE}
    front 12 | Orla Brennan a,*, Tomás de la Vega b, Ines Kohl a,b
    front 7 | a Department of Geography, University of Northmoor, 3 Long Street, Northmoor, United Kingdom
    | b Instituto de Estudios Locales, Vallealto, Spain
    heading 8 | A R T I C L E  I N F O
    front 7 | Keywords:
    | Squares
    | Water
    | Small towns
    heading 8 | A B S T R A C T
    body 9 | {BODY}
    foot 7 | * Corresponding author.
    | E-mail address: orla.brennan@northmoor.example (O. Brennan).
    front 7 | https://doi.org/10.5555/j.lss.2018.06.023
    | Received 2 October 2017; Received in revised form 11 May 2018; Accepted 14 June 2018
    | Available online 16 June 2018
    | 0277-0000/ © 2018 Elsevier Ltd. All rights reserved.
    page
    head 8 | O. Brennan et al. Local Services & Society 212 (2018) 1–9
"""
BMC = f"""
    head 8 | Brennan et al. BMC Town Health
    head 8 | (2021) 22:94
    front 8 | https://doi.org/10.5555/s12345-021-05049-3
    front 13 | RESEARCH ARTICLE Open Access
    {SQUARE}
    front 11 | Orla Mary Brennan1,2* , Tomás de la Vega2,3, Wei Li4 and
    | Ines Kohl-Adeyemi1†
    {ABSTRACT}
    front 7 | © The Author(s). 2021 Open Access This article is licensed under a Creative Commons licence.
    front 7.5 | * Correspondence: orla@northmoor.example
    | 1Department of Geography, University of Northmoor, Northmoor, UK
    | Full list of author information is available at the end of the article
"""
SPRINGER = f"""
    head 8 | Town Hist Soc (2014) 43:211–228
    front 8 | DOI 10.5555/s11027-014-9785-9
    {SQUARE}
    front 11 | Orla Brennan · Tomás de la Vega ·
    | Ines Kohl
    front 8 | Received: 2 October 2012 / Accepted: 11 May 2013 / Published online: 4 June 2013
    | © Springer Science+Business Media Dordrecht 2013
    {ABSTRACT}
    front 8 | O. Brennan (✉)
    | University of Northmoor, Northmoor, UK
    | e-mail: orla@northmoor.example
"""
TAYLOR_FRANCIS = f"""
    front 10 | Town Management Review
    front 8 | ISSN: 1471-0000 (Print) 1471-0001 (Online) Journal homepage: https://www.example.com/loi/rtmr20
    {SQUARE}
    front 11 | Orla Brennan, Tomás de la Vega & Ines Kohl
    front 9 | To cite this article: Orla Brennan, Tomás de la Vega & Ines Kohl (2019) {TITLE},
    | Town Management Review, 21:5, 667-686, DOI: 10.5555/14719037.2018.1487575
    front 9 | To link to this article: https://doi.org/10.5555/14719037.2018.1487575
    | Published online: 25 Sep 2018.
    | Submit your article to this journal
    page
    front 8 | TOWN MANAGEMENT REVIEW
    | 2019, VOL. 21, NO. 5, 667–686
    | https://doi.org/10.5555/14719037.2018.1487575
    heading 15 | {TITLE}
    body 11 | Orla Brennana , Tomás de la Vegab and Ines Kohla
    body 9 | aDepartment of Geography, University of Northmoor, Northmoor, UK; bInstituto de Estudios Locales,
    | Vallealto, Spain
"""
TAYLOR_FRANCIS_ALONE = f"""
    front 8 | TOWN MANAGEMENT REVIEW
    | 2019, VOL. 21, NO. 5, 667–686
    | https://doi.org/10.5555/14719037.2018.1487575
    {SQUARE}
    front 11 | Orla Brennana , Tomás de la Vegab and Ines Kohla
    front 9 | aDepartment of Geography, University of Northmoor, Northmoor, UK; bInstituto de Estudios Locales,
    | Vallealto, Spain
    heading 9 | ABSTRACT
    body 9 | {BODY}
    foot 8 | CONTACT Orla Brennan orla@northmoor.example Department of Geography, University of Northmoor
    | © 2018 Informa UK Limited, trading as Taylor & Francis Group
    page
    head 8 | 668 O. BRENNAN ET AL.
"""
WILEY = f"""
    front 8 | Received: 26 May 2017 Revised: 17 June 2018 Accepted: 18 June 2018
    front 8 | DOI: 10.5555/towa.12459
    front 9 | ORIGINAL ARTICLE
    {SQUARE}
    front 12 | Orla P. J. Brennan1 | Tomás van der Vega1,2 |
    | Ines Kohl2
    front 8 | 1Department of Geography, University of Northmoor,
    | Northmoor, UK
    front 8 | Correspondence
    | Orla P. J. Brennan, Department of Geography, University of Northmoor, Northmoor, UK.
    | Email: orla@northmoor.example
    {ABSTRACT}
    head 7 | Town Administration. 2019;97:123–140. example.com/journal/towa © 2018 John Wiley & Sons Ltd 123
    page
    head 7 | BRENNAN ET AL. 125
"""
SAGE = f"""
    front 9 | Article
    {SQUARE}
    front 8 | Town Policy and Administration
    | 2019, Vol. 34(2) 123–145
    | © The Author(s) 2018
    | Article reuse guidelines:
    | example.com/journals-permissions
    | DOI: 10.5555/0952076718765432
    | journals.example.com/home/tpa
    front 12 | Orla Brennan
    front 9 | University of Northmoor, UK
    front 12 | Tomás de la Vega and Ines Kohl
    front 9 | Instituto de Estudios Locales, Spain
    {ABSTRACT}
    foot 8 | Corresponding author:
    | Orla Brennan, Department of Geography, University of Northmoor, Northmoor, UK.
    | Email: orla@northmoor.example
"""
EMERALD = f"""
    front 8 | The current issue and full text archive of this journal is available on Emerald Insight at:
    | https://www.example.com/insight/0951-0000.htm
    {SQUARE}
    front 11 | Orla Brennan
    front 9.5 | Department of Geography, University of Northmoor, Northmoor, UK, and
    front 11 | Tomás de la Vega and Ines Kohl
    front 9.5 | Instituto de Estudios Locales, Vallealto, Spain
    {ABSTRACT}
    front 7 | Received 2 October 2018
    | Revised 11 May 2019
    | Accepted 14 June 2019
    front 7 | International Journal of Town
    | Management
    | Vol. 33 No. 2/3, 2020
    | pp. 227-242
    | © Emerald Publishing Limited
    | 0951-0000
    | DOI 10.5555/IJTM-10-2018-0190
"""
MDPI = f"""
    front 9 | Article
    {SQUARE}
    front 10 | Orla Brennan 1,* , Tomás de la Vega 2 and Ines Kohl 1,2
    front 7 | Citation: Brennan, O.; de la Vega, T.;
    | Kohl, I. {TITLE}. Towns 2021, 13, 1234.
    | https://doi.org/10.5555/towns13031234
    front 7 | Academic Editor: Maria Lindqvist
    | Received: 12 January 2021
    | Accepted: 26 February 2021
    | Published: 3 March 2021
    front 8 | 1 Department of Geography, University of Northmoor, Northmoor NM1 2AB, UK;
    | ines.kohl@northmoor.example
    | 2 Instituto de Estudios Locales, 41001 Vallealto, Spain
    | * Correspondence: orla@northmoor.example
    body 9 | Abstract: {BODY}
    head 8 | Towns 2021, 13, 1234. https://doi.org/10.5555/towns13031234
"""
FRONTIERS = f"""
    front 8 | ORIGINAL RESEARCH
    | published: 12 March 2021
    | doi: 10.5555/ftown.2021.594117
    front 7 | Edited by:
    | Maria Lindqvist,
    | University of Sandvik, Sweden
    | Reviewed by:
    | Paul Otieno,
    | Lakeside University, Kenya
    | *Correspondence:
    | Orla Brennan
    | orla@northmoor.example
    | Citation:
    | Brennan O, de la Vega T and Kohl I
    | (2021) {TITLE}.
    | Front. Town Health 8:594117.
    | doi: 10.5555/ftown.2021.594117
    {SQUARE}
    front 12 | Orla Brennan 1,2*, Tomás de la Vega 3 and Ines Kohl 1
    front 8 | 1 Department of Geography, University of Northmoor, Northmoor, United Kingdom, 2 Town Laboratory,
    | Northmoor
    body 10 | {BODY}
    head 7 | Frontiers in Town Health | www.example.org 1 March 2021 | Volume 8 | Article 594117
"""
PLOS = f"""
    front 9 | RESEARCH ARTICLE
    {SQUARE}
    front 10 | Orla Brennan1☯*, Tomás de la Vega2☯¤, Ines Kohl1‡
    front 8 | 1 Department of Geography, University of Northmoor, Northmoor, United Kingdom, 2 Instituto de
    | Estudios Locales, Vallealto, Spain
    front 8 | ☯ These authors contributed equally to this work.
    | * orla@northmoor.example
    {ABSTRACT}
    front 7 | Citation: Brennan O, de la Vega T, Kohl I (2020) {TITLE}.
    | PLOS TOWN 15(3): e0230123. https://doi.org/10.5555/journal.ptown.0230123
    front 7 | Data Availability Statement: The data are available at https://doi.org/10.5555/dryad.234.
    head 7 | PLOS TOWN | https://doi.org/10.5555/journal.ptown.0230123 March 12, 2020 1 / 18
"""
SCIELO = f"""
    title 17 | Quem rega a praça? Moradores e servidores em seis cidades
    | Who waters the square? Residents and officers in six towns
    front 10 | Olga BRENNAN-SILVA1
    | 0000-0002-1825-0097
    | Tomás Luís da VEGA2
    | 0000-0001-5109-3700
    heading 14 | Resumo
    body 9 | {BODY}
    front 7.5 | 1 Universidade do Vale, Departamento de Geografia. Vale Alto, PR, Brasil. Correspondência para: O.
    | BRENNAN-SILVA. E-mail: <olga@vale.example>.
    front 7.5 | Como citar este artigo/How to cite this article
    | Brennan-Silva, O.; Vega, T. L. Quem rega a praça? Moradores e servidores em seis cidades. Praças,
    | v. 33, e200057, 2021. https://doi.org/10.5555/2318-0889202133e200057
    head 8 | Praças, Campinas, 33:e200057, 2021
"""
JOSE = f"""
    {SQUARE}
    front 11.5 | Orla Brennan 1¶, Tomás de la Vega 2, and Ines
    | Kohl 1
    front 8.5 | 1 Department of Geography, University of Northmoor 2 Instituto de Estudios Locales ¶ Corresponding
    | author
    front 8.5 | DOI: 10.5555/jots.00180
    front 8.5 | Submitted: 28 March 2022
    | Published: 09 July 2024
    heading 13.5 | Summary
    body 10 | {BODY}
    head 7.5 | Brennan et al. (2024). {TITLE}. Journal of Open Towns, 7(77), 180. https:
    head 7.5 | //doi.org/10.5555/jots.00180.
"""
AMERICAN_MEDICINE = f"""
    front 9 | Original Investigation
    {SQUARE}
    front 10 | Orla M. Brennan, MD, MPH; Tomás de la Vega, PhD, RN; Ines Kohl, MSc
    front 8 | Town Med. 2019;14(2):120-128. doi:10.5555/townmed.2019.0123
    | Published online March 4, 2019.
    {ABSTRACT}
"""
OXFORD = f"""
    front 8 | Journal of Towns, 2017, 1–18
    | doi: 10.5555/jtowns/mux012
    {SQUARE}
    front 11 | Orla Brennan,1 Tomás de la Vega,1,2 and Ines Kohl2
    front 8 | See Lindqvist et al. (doi:10.5555/jtowns/mux099) for a commentary on this article.
    front 8 | 1 Department of Geography, University of Northmoor, Northmoor, UK
    {ABSTRACT}
"""
HINDAWI = f"""
    head 8 | Town Health and Place
    front 8 | Volume 2017, Article ID 9217567, 13 pages
    | http://dx.doi.org/10.5555/2017/9217567
    front 12 | Research Article
    {SQUARE}
    front 12 | Orla Brennan,1 Tomás de la Vega,2 and Ines Kohl1
    front 9 | 1Department of Geography, University of Northmoor, Northmoor, UK
    | 2Instituto de Estudios Locales, Vallealto, Spain
    front 9 | Correspondence should be addressed to Orla Brennan; orla@northmoor.example
    front 9 | Received 2 October 2016; Accepted 11 January 2017; Published 4 February 2017
    front 9 | Academic Editor: Maria Lindqvist
    front 9 | Copyright © 2017 Orla Brennan et al. This is an open access article.
    body 9 | {BODY}
    page
    head 10 | 2
    head 10 | Town Health and Place
"""
WOLTERS_KLUWER = f"""
    front 9 | Systematic Review and Meta-Analysis
    {SQUARE}
    front 11 | Orla Brennan, MSa,b, Tomás de la Vega, MD, PhDc, Ines Kohl, MDa,*
    {ABSTRACT}
    front 7 | a Department of Geography, University of Northmoor, Northmoor, UK, b Town Laboratory, Northmoor, UK,
    | c Instituto de Estudios Locales, Vallealto, Spain.
    front 7 | Copyright © 2021 the Author(s). Published by Wolters Kluwer Health, Inc.
    front 7 | How to cite this article: Brennan O, de la Vega T, Kohl I. {TITLE}.
    | Town Medicine 2021;100:50(e28156).
    front 7 | http://dx.doi.org/10.5555/TM.0000000000028156
"""
CAMBRIDGE = f"""
    head 8 | Journal of Town Policy (2020), 49, 2, 345–367 © Cambridge University Press 2019
    head 8 | doi:10.5555/S0047279419000321
    {SQUARE}
    front 10 | ORLA BRENNAN*, TOMÁS DE LA VEGA** AND INES O'KOHL-MCDONALD***
    front 8 | *Department of Geography, University of Northmoor
    | email: orla@northmoor.example
    {ABSTRACT}
"""
BMJ = f"""
    {SQUARE}
    front 10 | Orla Brennan ,1,2 Tomás de la Vega,3 Ines Kohl 1
    front 7 | To cite: Brennan O, de la Vega T, Kohl I. {TITLE}.
    | BMJ Towns 2020;10:e034567. doi:10.5555/bmjtowns-2019-034567
    {ABSTRACT}
    head 7 | Brennan O, et al. BMJ Towns 2020;10:e034567. doi:10.5555/bmjtowns-2019-034567
"""
MANUSCRIPT = f"""
    head 8 | ACCEPTED MANUSCRIPT
    {SQUARE}
    front 12 | Orla Brennan1, Tomás de la Vega2 and Ines Kohl1
    front 10 | 1 Department of Geography, University of Northmoor, Northmoor, UK
    {ABSTRACT}
    front 8 | Please cite this article as: Brennan, O., de la Vega, T., & Kohl, I. (2018). {TITLE}.
    | Town Studies Quarterly, 12(4), 412–431. https://doi.org/10.5555/tsq.12.4.
    | 412
"""
JSTOR = f"""
    {SQUARE}
    front 10 | Author(s): Orla Brennan, Tomás de la Vega and Ines Kohl
    front 10 | Source: Town Administration Review , May/June 2010, Vol. 70, No. 3 (May/June 2010), pp. 345-356
    front 10 | Published by: Wiley on behalf of the Society for Towns
    | Stable URL: https://www.jstor.example/stable/40606377
    front 10 | DOI: 10.5555/tar.40606377
"""
RESEARCH_NETWORK = f"""
    front 7 | See discussions, stats, and author profiles for this publication at: https://www.network.example/320
    {SQUARE}
    front 9 | Article in Town Administration · March 2018
    | DOI: 10.5555/towa.12459
    front 9 | 3 authors, including:
    front 9 | Orla Brennan
    | University of Northmoor
    | 12 PUBLICATIONS
    page
    heading 16 | {TITLE}
    body 11 | Orla Brennan, Tomás de la Vega, Ines Kohl
    body 9 | University of Northmoor, Northmoor, UK
"""
