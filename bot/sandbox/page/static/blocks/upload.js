// Files of a file input, put into the fake Slack.

import { act } from "../net.js";

const MOST_BYTES = 150_000;

function encoded(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",")[1] ?? "");
    reader.onerror = reject;
    reader.readAsDataURL(file);
  });
}

/** Put each there; {files} as Slack describes them, or {error}. */
export async function upload(files) {
  const kept = [];
  for (const file of files) {
    if (file.size > MOST_BYTES) return { error: `${file.name} is larger than this sandbox takes (150 kB).` };
    const answer = await act("upload", { name: file.name, content: await encoded(file) });
    if (answer.error) return answer;
    kept.push(answer.file);
  }
  return { files: kept };
}
