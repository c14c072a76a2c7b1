// Blocks that make no sense in a sandbox: each says in its place what it is.

import { el } from "../dom.js";
import { words } from "./texts.js";

function named(kind, detail) {
  return (block) => {
    const about = detail(block);
    return el("div", { class: "named", text: about ? `${kind} block, not drawn: ${about}` : `${kind} block, not drawn` });
  };
}

export const NAMING = {
  video: named("video", (block) => words(block.title) || block.alt_text),
  file: named("file", (block) => block.external_id),
  call: named("call", (block) => block.call_id),
  auth_provider: named("auth_provider", (block) => words(block.name)),
  data_visualization: named("data_visualization", (block) => `${block.title} (${block.chart?.type} chart)`),
};
