// Bolt for JavaScript: one slash command that only acknowledges.
import bolt from "@slack/bolt";

const { App, SocketModeReceiver } = bolt;
const clientOptions = { slackApiUrl: process.env.SLACK_API_URL };
const receiver = new SocketModeReceiver({
  appToken: process.env.SLACK_APP_TOKEN,
  installerOptions: { clientOptions },
});
const app = new App({
  token: process.env.SLACK_BOT_TOKEN,
  receiver,
  clientOptions,
  appToken: process.env.SLACK_APP_TOKEN,
});
app.command("/whatsapp", async ({ ack }) => {
  await ack();
});
await app.start();
