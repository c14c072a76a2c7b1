// Text objects, labels and images: the small things all blocks are made of.

import { el } from "../dom.js";
import { plain, unescape } from "./emoji.js";
import { renderMarkdown } from "./mrkdwn.js";

/** A text object as nodes; nothing for none. */
export function text(object) {
  if (!object) return [];
  if (object.type === "mrkdwn") return [renderMarkdown(object.text, { verbatim: object.verbatim })];
  return [words(object)];
}

/** A text object as a string, for names and titles. */
export function words(object) {
  if (!object) return "";
  if (typeof object === "string") return plain(object);
  if (object.type === "mrkdwn") return renderMarkdown(object.text).textContent;
  return object.emoji === false ? unescape(object.text ?? "") : plain(object.text);
}

function host(url) {
  try {
    return new URL(url).host;
  } catch {
    return "elsewhere";
  }
}

/** An image is never fetched: a box that says what it shows and where it lies. */
export function image(shown, small = false) {
  const url = shown.image_url ?? shown.slack_file?.url;
  const from = url ? host(url) : `file ${shown.slack_file?.id ?? ""}`;
  const said = shown.alt_text || "image";
  const box = el("span", { class: small ? "image small" : "image", role: "img", "aria-label": said, title: from });
  if (small) return el("span", { class: "image-said" }, box, el("span", { text: said }));
  box.append(el("span", { class: "image-alt", text: said }), el("span", { class: "image-from", text: `Not loaded: ${from}` }));
  return box;
}
