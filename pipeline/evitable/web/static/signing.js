// Forms of a few fields: the name, the password, an address for another browser.

import { complain, send } from "./asking.js";

function values(form) {
  const found = {};
  for (const field of form.elements) {
    if (field.name) found[field.name] = field.type === "checkbox" ? field.checked : field.value;
  }
  return found;
}

async function post(form) {
  try {
    const answer = await send(form.dataset.post, values(form));
    complain("");
    if (form.dataset.show) document.getElementById(form.dataset.show).textContent = answer.address;
    else location.assign(answer.address);
  } catch (refused) {
    complain(refused.message);
  }
}

for (const form of document.querySelectorAll("form[data-post]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    post(form);
  });
}
