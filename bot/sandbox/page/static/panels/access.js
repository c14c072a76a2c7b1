// Accounts, access tokens and the app at Meta: who may do what, who hears of what.

import { both, ELSEWHERE, overrideFact } from "./number.js";
import { button, day, fact, turn } from "./parts.js";

const SCOPES = [["Management", "whatsapp_business_management"], ["Messaging", "whatsapp_business_messaging"]];
const DEATHS = {
  0: "Dead: it cannot be read",
  458: "Dead: revoked",
  460: "Dead: the password was changed",
  463: "Dead: expired",
  467: "Dead: the session ended",
};

function deeds(kind, name, say) {
  const at = (knob, body) => [`meta/${kind}/${encodeURIComponent(name)}/${knob}`, body];
  return { at, deed: (text, full, ...turns) => button(text, `${text}: ${full}`, () => turn(say, ...turns)) };
}

/** An account: does our app hear of it, does an override stand, is it locked, is it paid. */
export function accountFacts(account, app, say) {
  const { at, deed } = deeds("accounts", account.id, say);
  const subscribed = account.subscribed_apps.includes(app.id), override = account.overrides[app.id];
  const to = (url) => at("take_over_webhook", { url });
  return [
    subscribed
      ? fact("Our app", "good", "Subscribed: it hears of this account",
        deed("Unsubscribe", `our app no longer hears of ${account.name}`, at("unsubscribe_app", { app_id: app.id })))
      : fact("Our app", "bad", "Not subscribed",
        deed("Subscribe", `our app hears of ${account.name}`, at("subscribe_app", { app_id: app.id }))),
    subscribed
      ? overrideFact("Override", "None", override, app.own_url, {
        set: deed("Set", `${account.name} sends what it hears to this bot`,
          at("take_over_webhook", { url: app.own_url, app_id: app.id })),
        takeOver: deed("Take over", `${account.name} sends what it hears to somebody else`, to(ELSEWHERE)),
        clear: deed("Clear", `${account.name} uses the app's own webhook`, to(null)),
      })
      : fact("Override", "plain", "None"),
    account.status === "ACTIVE"
      ? fact("Standing", "good", both("Active", account.status), deed("Disable", `Meta disables ${account.name} and tells the app`, at("disable")))
      : fact("Standing", "bad", both("Disabled by Meta", account.status),
        deed("Reinstate", `Meta takes it back and tells the app`, at("reinstate"))),
    account.locked
      ? fact("Lock", "bad", "Locked by Meta", deed("Unlock", account.name, at("unlock")))
      : fact("Lock", "good", "Open", deed("Lock", `Meta locks ${account.name}`, at("lock"))),
    account.payment_failed
      ? fact("Payment", "bad", "The payment failed", deed("Mend", `${account.name} can be charged again`, at("settle_payment")))
      : fact("Payment", "good", "In order", deed("Let it fail", `${account.name} cannot be charged`, at("fail_payment"))),
  ];
}

/** A token: does it live, what may it do. */
export function tokenFacts(token, say) {
  const { at, deed } = deeds("tokens", token.label, say);
  const alive = token.dead === null;
  const back = [at("revive"), ...(token.dead === 463 ? [at("give_time_back")] : [])];
  const kill = (text, subcode, full) => deed(text, full, at("revoke_token", { subcode }));
  return [
    fact("Life", alive ? "good" : "bad", alive ? lives(token) : DEATHS[token.dead] ?? `Dead: reason ${token.dead}`,
      alive ? [
        deed("Expire", "the token's time is over", at("expire_token")),
        kill("Revoke", 458, "somebody removed the app"),
        kill("Password changed", 460, "the token ends with it"),
        kill("Session ended", 467, "the token ends with it"),
      ] : deed("Revive", "the token lives again", ...back)),
    fact("Data access", token.data_access_lapsed ? "bad" : "good", token.data_access_lapsed ? "Lapsed" : "Granted",
      token.data_access_lapsed
        ? deed("Give back", "access to data is granted again", at("give_data_access_back"))
        : deed("Let it lapse", "access to data ends", at("lapse_data_access"))),
    ...SCOPES.map(([name, scope]) => token.scopes.includes(scope)
      ? fact(name, "good", both("Granted", scope), deed("Take away", `the scope ${scope}`, at("remove_scope", { scope })))
      : fact(name, "bad", both("Lost", scope), deed("Give back", `the scope ${scope}`, at("add_scope", { scope })))),
  ];
}

function lives(token) {
  return token.expires_at ? `Alive until ${day(token.expires_at)}` : "Alive, without an end";
}

/** The app: whose webhook it has, what it asks of calls. */
export function appFacts(app, say) {
  const { at, deed } = deeds("apps", app.id, say);
  return [
    app.taken_over
      ? fact("Callback", "warn", `Taken over: ${app.callback_url}`, deed("Ours again", "the app calls us back", at("give_back_callback")))
      : fact("Callback", "good", `Ours: ${app.callback_url}`,
        deed("Take over", "the app calls somebody else back", at("take_over_callback", { url: ELSEWHERE }))),
    app.active
      ? fact("Webhook", "good", "On", deed("Switch off", "Meta sends this app nothing any more", at("disable_callback")))
      : fact("Webhook", "bad", "Switched off by Meta", deed("Switch on", "Meta sends events again", at("enable_callback"))),
    app.missing_fields.length
      ? fact("Listens to", "warn", both("Not to:", app.missing_fields.join(", ")),
        app.missing_fields.map((name) => deed(`Listen to ${name}`, "the app hears of it again", at("listen_to", { name }))))
      : fact("Listens to", "good", `All ${app.fields.length} fields a number desk needs`,
        ["messages", "account_update"].map((name) =>
          deed(`Drop ${name}`, "the app no longer hears of it", at("drop_field", { name })))),
    app.requires_proof
      ? fact("Secret proof", "warn", "Asked of every call", deed("Waive", "calls need no proof", at("waive_appsecret_proof")))
      : fact("Secret proof", "plain", "Not asked for",
        deed("Require", "every call must prove that it knows the app's secret", at("require_appsecret_proof"))),
  ];
}
