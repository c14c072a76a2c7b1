// Tables: the plain one, and the one with a caption and pages.

import { el, fill, freshId } from "../dom.js";
import { richText } from "./rich.js";
import { text } from "./texts.js";

const PAGE = 5;

function cell(shown, tag, props) {
  const content = shown?.type === "rich_text" ? richText(shown) : String(shown?.text ?? shown?.value ?? "");
  return el(tag, props, content);
}

function row(cells, columns, { head = false, headerAt = -1 } = {}) {
  return el("tr", {}, cells.map((shown, at) => {
    const column = columns[at] ?? {};
    const number = shown?.type === "raw_number" && !head ? "right" : null;
    const look = [column.align ?? number, column.is_wrapped === false ? "unwrapped" : null].filter(Boolean).join(" ");
    const tag = head || at === headerAt ? "th" : "td";
    return cell(shown, tag, { class: look || null, scope: head ? "col" : tag === "th" ? "row" : null });
  }));
}

function frame(name, ...inside) {
  return el("div", { class: "table", tabindex: "0", role: "group", "aria-label": name }, el("table", {}, inside));
}

export function table(block) {
  const [head, ...rest] = block.rows;
  const columns = block.column_settings ?? [];
  return frame("Table", el("thead", {}, row(head, columns, { head: true })), el("tbody", {}, rest.map((cells) => row(cells, columns))));
}

export function dataTable(block) {
  const [head, ...rest] = block.rows;
  const size = block.page_size ?? PAGE;
  const pages = Math.max(Math.ceil(rest.length / size), 1);
  const body = el("tbody", {});
  const count = el("span", { class: "soft", role: "status", id: freshId("p") });
  const step = (by, sign) => el("button", { type: "button", class: "button small", on: { click: () => show(page + by) } }, sign);
  const [before, after] = [step(-1, "Previous"), step(1, "Next")];
  let page = 0;
  function show(wanted) {
    page = wanted;
    const from = page * size;
    fill(body, rest.slice(from, from + size).map((cells) => row(cells, [], { headerAt: block.row_header_column_index ?? -1 })));
    count.textContent = `${from + 1}–${Math.min(from + size, rest.length)} of ${rest.length}`;
    before.disabled = page === 0;
    after.disabled = page >= pages - 1;
  }
  show(0);
  const caption = el("caption", {}, text({ type: "plain_text", text: block.caption }));
  const shown = frame(block.caption, caption, el("thead", {}, row(head, [], { head: true })), body);
  return pages > 1 ? [shown, el("div", { class: "row pages" }, before, count, after)] : shown;
}
