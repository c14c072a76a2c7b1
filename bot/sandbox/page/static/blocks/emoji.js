// Emoji by the names Slack uses: the common ones and all that the bot says.

const TABLE = `
grinning 😀 smiley 😃 smile 😄 grin 😁 laughing 😆 sweat_smile 😅 joy 😂 slightly_smiling_face 🙂 upside_down_face 🙃 wink 😉
blush 😊 heart_eyes 😍 thinking_face 🤔 neutral_face 😐 face_with_rolling_eyes 🙄 grimacing 😬 sleeping 😴 exploding_head 🤯
partying_face 🥳 sunglasses 😎 slightly_frowning_face 🙁 open_mouth 😮 flushed 😳 cry 😢 disappointed 😞 rage 😡 robot_face 🤖
wave 👋 raised_hand ✋ ok_hand 👌 point_left 👈 point_right 👉 point_down 👇 +1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 clap 👏
raised_hands 🙌 handshake 🤝 pray 🙏 muscle 💪 eyes 👀 eye 👁️ bust_in_silhouette 👤 busts_in_silhouette 👥 shrug 🤷 facepalm 🤦
heart ❤️ green_heart 💚 broken_heart 💔 100 💯 boom 💥 sparkles ✨ star ⭐ star2 🌟 fire 🔥 zap ⚡ bug 🐛 bee 🐝 seedling 🌱
coffee ☕ tada 🎉 confetti_ball 🎊 trophy 🏆 dart 🎯 art 🎨 rocket 🚀 construction 🚧 rotating_light 🚨 traffic_light 🚥 house 🏠
office 🏢 globe_with_meridians 🌐 watch ⌚ hourglass ⌛ hourglass_flowing_sand ⏳ alarm_clock ⏰ stopwatch ⏱️ calendar 📆
date 📅 spiral_calendar_pad 🗓️ iphone 📱 calling 📲 phone ☎️ telephone ☎️ telephone_receiver 📞 computer 💻
desktop_computer 🖥️ bulb 💡 battery 🔋 electric_plug 🔌 signal_strength 📶 email 📧 envelope ✉️ inbox_tray 📥 outbox_tray 📤
package 📦 memo 📝 pencil 📝 clipboard 📋 pushpin 📌 paperclip 📎 link 🔗 file_folder 📁 open_file_folder 📂 wastebasket 🗑️
book 📖 books 📚 bookmark 🔖 label 🏷️ page_facing_up 📄 scroll 📜 bar_chart 📊 chart_with_upwards_trend 📈
chart_with_downwards_trend 📉 lock 🔒 unlock 🔓 closed_lock_with_key 🔐 key 🔑 hammer_and_wrench 🛠️ wrench 🔧 gear ⚙️
shield 🛡️ mag 🔍 mag_right 🔎 test_tube 🧪 toolbox 🧰 broom 🧹 bell 🔔 loudspeaker 📢 speech_balloon 💬 zzz 💤 warning ⚠️
no_entry ⛔ no_entry_sign 🚫 octagonal_sign 🛑 white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌
question ❓ grey_question ❔ exclamation ❗ heavy_exclamation_mark ❗ information_source ℹ️ sos 🆘 new 🆕 ok 🆗 red_circle 🔴
large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵 black_circle ⚫ white_circle ⚪
large_red_square 🟥 large_green_square 🟩 large_yellow_square 🟨 black_small_square ▪️ white_large_square ⬜ arrow_right ➡️
arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️ arrow_forward ▶️ arrow_backward ◀️ arrow_lower_right ↘️ arrow_right_hook ↪️
arrows_counterclockwise 🔄 arrows_clockwise 🔃 repeat 🔁 back 🔙 black_square_for_stop ⏹️ double_vertical_bar ⏸️ one 1️⃣
two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ zero 0️⃣ keycap_ten 🔟
triangular_flag_on_post 🚩 flag-es 🇪🇸 flag-de 🇩🇪 flag-gb 🇬🇧 flag-us 🇺🇸 recycle ♻️`;

const EMOJI = new Map();
const words = TABLE.trim().split(/\s+/);
for (let at = 0; at < words.length; at += 2) EMOJI.set(words[at], words[at + 1]);

/** The character of `:name:`, or the name between colons when there is none here. */
export function emoji(name, unicode) {
  if (unicode) {
    const points = unicode.split("-").map((hex) => parseInt(hex, 16));
    if (points.every((point) => point > 0 && point <= 0x10ffff)) return String.fromCodePoint(...points);
  }
  return EMOJI.get(name) ?? `:${name}:`;
}

/** The three escapes Slack knows, and no others. */
export function unescape(text) {
  return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}

/** Plain text as people read it: `:name:` as emoji, escapes undone. */
export function plain(text) {
  return unescape(String(text ?? "").replace(/:([a-z0-9_+'-]+):(?::skin-tone-\d:)?/g, (_, name) => emoji(name)));
}
