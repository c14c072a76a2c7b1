// Slack's Web API client and its Socket Mode client alone: each line of output is one call and its answer.
import { createRequire } from "node:module";

const require = createRequire(`${process.env.WHATSAPP_JS_MODULES}/`); // they are kept outside the repository
const { WebClient } = require("@slack/web-api");
const { SocketModeClient } = require("@slack/socket-mode");

const where = { slackApiUrl: process.env.SLACK_API_URL };
const web = new WebClient(process.env.SLACK_BOT_TOKEN, where);
const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

async function call(name, args = {}) {
  try {
    const { ok, response_metadata: _, ...answer } = await web.apiCall(name, args);
    tell({ name, ok, answer });
    return answer;
  } catch (error) {
    tell({ name, ok: false, error: error.data?.error ?? String(error) });
    return {};
  }
}

async function everything(user) {
  const text = { type: "mrkdwn", text: "Drawn" };
  await call("auth.test");
  await call("users.info", { user });
  await call("team.info");
  await call("conversations.info", { channel: "C0GENERAL" });
  await call("conversations.members", { channel: "C0GENERAL", limit: 2 });
  await call("users.conversations", { types: "public_channel,private_channel" });
  await call("usergroups.list");
  const { channel: direct } = await call("conversations.open", { users: user });
  await call("chat.postMessage", { channel: direct.id, text: "To you alone" });
  const sent = await call("chat.postMessage", {
    channel: "C0GENERAL",
    text: "Plain",
    blocks: [{ type: "section", text }],
    metadata: { event_type: "seen", event_payload: { n: 1 } },
  });
  await call("chat.postMessage", { channel: sent.channel, thread_ts: sent.ts, text: "A reply" });
  await call("chat.getPermalink", { channel: sent.channel, message_ts: sent.ts });
  await call("chat.update", { channel: sent.channel, ts: sent.ts, text: "Changed", blocks: [] });
  await call("chat.postEphemeral", { channel: sent.channel, user, text: "Between us" });
  const gone = await call("chat.postMessage", { channel: sent.channel, text: "Soon gone" });
  await call("chat.delete", { channel: sent.channel, ts: gone.ts });
  await call("chat.postMessage", { channel: "C0SECRET", text: "x" });
  await call("chat.postMessage", { channel: sent.channel, text: "x", blocks: [{ type: "sektion" }] });
  let pages = 0;
  for await (const page of web.paginate("conversations.list", { limit: 1 })) pages += page.channels.length;
  tell({ name: "paginated", ok: true, answer: { pages } });
}

const socket = new SocketModeClient({ appToken: process.env.SLACK_APP_TOKEN, clientOptions: where, logLevel: "error" });
socket.on("slash_commands", async ({ ack, body }) => {
  await ack({ text: "Looking." });
  await everything(body.user_id);
  tell({ name: "end", ok: true });
});
await socket.start();
