"""Paragraphs of body text, all invented, about services that people make together."""

_TEXT = """
The allotment behind the health centre had been empty for nine years when six patients asked whether they might
grow vegetables on it. The manager agreed, and a nurse with a spade came on the first Saturday. By autumn the group
had a shed, a rota and a waiting list, and the dietitian held her sessions between the beans.

Parents who had waited for a speech therapist drew the whole path of a referral on a roll of wallpaper. Each delay
got a red dot and the name of the office that had caused it. The therapists had never seen the path from that side,
and two of the dots were gone within a month because nobody could say why the step was there.

In the harbour district the council had closed the youth club twice, and young people doubted that a third promise
would hold. They asked for the keys rather than for a plan. The youth workers found the request alarming at first,
but the keys were handed over in May and the building has been open every evening since.

Bus drivers, passengers with white sticks and the timetable office rode the whole of line nine together. What had
been filed as complaints turned out to be three stops without a kerb. The drivers proposed a pause of ten seconds,
passengers tested it for a fortnight, and the timetable was printed again with the pause in it.

Carers said that the discharge letter told them everything except what to do at night. A pharmacist sat with four
of them over two evenings and wrote a page that began with the night. The ward now prints this page first, and the
carers who wrote it train each new doctor who is to sign it.

Where housing officers kept the minutes, tenants seldom found their own words in them. After the second winter the
minutes were taken in turn, and read out before anybody left the room. Arguments grew longer for a while; then they
grew shorter, because nobody had to open the same question again at the next meeting.

Farmers in the upper valley measured the water themselves, each at his own gate, and sent the figures by telephone.
The engineers had planned sensors that the district could not pay for. Trust in the figures came from the fact that
every neighbour could walk over and look, and it lasted through the dry year.

The library gave the reading group a shelf, a budget of forty pounds and no further instructions. Members bought
large print, then comics, then a kettle. Borrowing rose on that shelf while it fell on all others, and the
librarians began to ask members what they would do about the rest of the room.

Former patients of the clinic interviewed those who had left it early, which the staff had tried before without
success. People spoke differently to someone who had slept in the same corridor. The reports were blunt, and the
director answered each of them in writing and pinned the answers beside the lift.

Pay was the question that everybody had avoided. Residents gave three evenings a month while officials sat in the
same room on salary, and the difference was felt whenever somebody said that the work was shared. Vouchers were
tried and given up; in the end the council paid by the hour, as it pays its other advisers.

When the first chairwoman moved away, the partners noticed how much had hung on her. No list of contacts existed,
and the school asked for its hall back. Four members divided her tasks among themselves, wrote down what each of
them did, and now change places every spring so that the group will not depend on one person again.

Sceptics on the board wanted numbers, and the volunteers wanted stories to be heard. The evaluator printed both on
the same sheet: on the left the visits, on the right what a visitor had said. Board members who came for the left
side were seen reading the right one, and the funding was renewed without a vote.
"""
PARAGRAPHS = tuple(" ".join(paragraph.split()) for paragraph in _TEXT.split("\n\n"))
"""Each is told from the others by its first words."""
