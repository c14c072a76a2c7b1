// A small app on Bolt for JavaScript, over Socket Mode: all that Slack's own client does with a workspace.
import { createRequire } from "node:module";

const require = createRequire(`${process.env.WHATSAPP_JS_MODULES}/`); // they are kept outside the repository
const { App, LogLevel } = require("@slack/bolt");

const app = new App({
  token: process.env.SLACK_BOT_TOKEN,
  appToken: process.env.SLACK_APP_TOKEN,
  socketMode: true,
  logLevel: LogLevel.ERROR,
  clientOptions: { slackApiUrl: process.env.SLACK_API_URL },
});

const plain = (text) => ({ type: "plain_text", text });
const section = (text, accessory) => ({
  type: "section",
  text: { type: "mrkdwn", text },
  ...(accessory && { accessory }),
});
const button = (label, action_id, value) => ({ type: "button", action_id, value, text: plain(label) });
const option = (name) => ({ text: plain(name), value: name.toLowerCase() });
const modal = (title, blocks, more = {}) => ({ type: "modal", title: plain(title), blocks, ...more });

const form = modal(
  "Enter the code",
  [
    {
      type: "input",
      block_id: "code",
      label: plain("Code"),
      element: { type: "plain_text_input", action_id: "value" },
    },
    {
      type: "input",
      block_id: "city",
      label: plain("City"),
      optional: true,
      element: { type: "external_select", action_id: "city", min_query_length: 1, placeholder: plain("City") },
    },
    { type: "actions", block_id: "row", elements: [button("Show more", "more", "1")] },
  ],
  { callback_id: "form", submit: plain("Send"), notify_on_close: true, private_metadata: "flow 7" },
);

const home = (presses) => ({
  type: "home",
  blocks: [section(`Pressed ${presses} times.`, button("Press me", "press", String(presses + 1)))],
});

const commands = {
  async hello({ ack, respond }) {
    await ack("Hello in the acknowledgement.");
    await respond({ text: "Hello by response_url.", response_type: "in_channel" });
  },
  async form({ ack, body, client }) {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: form });
  },
  async board({ ack, say }) {
    await ack();
    await say({ text: "The board", blocks: [section("The board", button("Refresh", "refresh", "2"))] });
  },
  async whisper({ ack }) {
    await ack({ text: "A whisper", blocks: [section("A whisper", button("Be gone", "gone", "1"))] });
  },
};

app.command("/whatsapp", async (call) => {
  const run = commands[call.command.text];
  await (run ? run(call) : call.ack(`I do not know ${call.command.text}.`));
});

app.options("city", async ({ ack, options }) => {
  const cities = ["Berlin", "Bern", "Madrid"].filter((name) => name.startsWith(options.value));
  await ack({ options: cities.map(option) });
});

app.view("form", async ({ ack, view }) => {
  const code = view.state.values.code.value.value;
  const city = view.state.values.city.city.selected_option?.text.text ?? "nowhere";
  if (!/^\d{6}$/.test(code)) return ack({ response_action: "errors", errors: { code: "Six digits, please." } });
  if (code === "000000") return ack({ response_action: "clear" });
  if (code === "222222") {
    const pushed = modal("Sure?", [section("It lies on top.")], { callback_id: "sure", submit: plain("Yes") });
    return ack({ response_action: "push", view: pushed });
  }
  const done = modal("Done", [section(`${view.private_metadata}: from ${city}.`)], { callback_id: "done" });
  return ack({ response_action: "update", view: done });
});

app.view("sure", async ({ ack }) => ack());

app.view({ callback_id: "form", type: "view_closed" }, async ({ ack, body, client }) => {
  await ack();
  await client.chat.postMessage({ channel: body.user.id, text: `You closed ${body.view.title.text}.` });
});

app.action("more", async ({ ack, body, client }) => {
  await ack();
  const more = [...form.blocks, section("More is shown.")];
  await client.views.update({ view_id: body.view.id, hash: body.view.hash, view: { ...form, blocks: more } });
});

app.action("refresh", async ({ ack, action, respond }) => {
  await ack();
  const again = section(`Refreshed to ${action.value}`, button("Refresh", "refresh", "3"));
  await respond({ replace_original: true, text: "The board", blocks: [again] });
});

app.action("gone", async ({ ack, respond }) => {
  await ack();
  await respond({ delete_original: true });
});

app.action("press", async ({ ack, action, body, client }) => {
  await ack();
  await client.views.publish({ user_id: body.user.id, view: home(Number(action.value)), hash: body.view.hash });
});

app.event("app_home_opened", async ({ event, client }) => {
  if (event.tab === "home" && !event.view) await client.views.publish({ user_id: event.user, view: home(0) });
});

await app.start();
