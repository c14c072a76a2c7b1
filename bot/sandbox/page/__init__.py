"""The sandbox in the browser: one page on loopback that shows a Slack, its phones, its Meta, and the wire.

What travels between the page and the server (all JSON, no secrets but the phones' own inboxes).

`GET /` the page; `GET /static/…` its parts. `GET /live?as=U0ANA` a websocket that tells this tab what that
person sees. Its frames, by `kind`:

- `hello` {me, people, commands, names, app, team, channels, stack, home, phones, meta, bot, faults, clock,
  traffic}: everything, at the start and after every reconnect
- `channel` {channel} a channel that appeared or changed; `message` {channel: id, message} new or changed
- `gone` {channel: id, ts} deleted; `stack` {stack: [View]} this person's modals, the top one last;
  `home` {view: View | null}; neither comes when only what the person entered has changed
- `phones` {phones: [Phone]}, `meta` {meta}, `bot` {bot}, `faults` {faults}, `clock` {clock},
  `traffic` {entries: [Entry]} to be appended, or put in the place of the one with the same `n`

Person {id, name, real_name, role, about, tz, team_id, is_bot}; role: operator, manager, viewer,
administrator, none, guest, foreign, app. Command {text, hint, about} for the composer's suggestions. names:
id → "@ana", "#general". app {id, name, user}; team {id, name, domain, url: what permalinks begin with}.
Channel {id, name, kind: channel | private | im, archived, messages}. Message {ts, channel, author, text,
blocks, thread_ts, ephemeral, edited, values, trouble, link}. View {id, type, title, submit, close, blocks,
values, errors, trouble, hash}: blocks carry all their ids, values as Slack's `state.values`, errors by
block_id. Phone {number: id, name, display, line, ringing, lost, losing, declining: how many of the next SMS
and calls, code_until, missed: [{kind, at}], messages: [{kind: SMS | CALL, at, language, text}]}. meta
{numbers, accounts, tokens, apps, hooks} as /_sandbox/state of the fake Meta, each number with its `pin`. bot
{running, pid, starting, log: [line]}. Fault {id, name, about, whose: Meta | Slack, lasting, on}: a lasting
one is switched, another is done once. clock {now, skipped_s}. Entry {n, at, who: slack | meta | bot,
direction: out (to the bot) | in (from it), kind: envelope | call | refusal | graph | hook | process, what, ok: null
while it waits, ms, note, problems: [text], detail: JSON, secrets masked}.

`POST /act/<verb>` does something as a person; each body has `as`. It answers {}, or {error: sentence}
when it was refused; the status is 200 for both:

- `say` {channel, text, thread_ts?}: a slash command or a message
- `press` {on, block_id, action_id, value?, values?}: click a button or choose in a select that dispatches;
  `on` is {view: id} or {channel, ts} (a Home tab is a view); `value` in the shape of Slack's action
  (an option object, a list of them, a text, an id, null); `values` what stands in all the inputs there
- `fill` {on, values}: something was entered that the bot need not hear of
- `suggest` {on, block_id, action_id, typed}: answers {options} or {option_groups}
- `upload` {name, content}: a file for a file input, `content` in base64; answers {file} as Slack tells of it
- `submit` {view, values}: answers {problems: {block_id: sentence}} when the app itself would not submit
- `close` {view}: the X or the close button; `home` {tab: home | messages}: the app was opened

`POST /world/<thing>` changes the world: `time` {skip_s}; `bot` {do: start | stop | kill | restart};
`fault` {id, on}; `reset` {} puts everything but time and the bot right; `meta/numbers/<id>/<knob>`,
`meta/accounts/<id>/<knob>`, `meta/tokens/<label>/<knob>`, `meta/apps/<id>/<knob>`, `phones/<number id>/<knob>`,
`meta/events/<number id>/<knob>` (Meta tells it by webhook), `meta/hooks/delivery/<knob>` (how webhooks travel),
each with the knob's arguments as the body. What was refused is answered in the same way.
"""
