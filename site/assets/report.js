// Names the page on which somebody saw an error: it stands in the address, ?page=agencies/440115/2020/
import { linked, root, teller } from "./telling.js";

const box = document.getElementById("wrong-page");
const page = new URLSearchParams(location.search).get("page");

if (page !== null && /^[\w./-]*$/u.test(page)) {
  const address = new URL(page, root).href;
  box.replaceChildren(...teller(box)("page"), " ", linked(address, address));
  box.hidden = !address.startsWith(root.href);
}
