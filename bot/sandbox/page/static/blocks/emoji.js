// Emoji by the names Slack uses: the common ones and all that the bot says.

const TABLE = `
grinning 😀 smiley 😃 smile 😄 grin 😁 laughing 😆 satisfied 😆 sweat_smile 😅 rolling_on_the_floor_laughing 🤣 joy 😂
slightly_smiling_face 🙂 upside_down_face 🙃 wink 😉 blush 😊 innocent 😇 heart_eyes 😍 kissing_heart 😘 yum 😋
stuck_out_tongue 😛 thinking_face 🤔 neutral_face 😐 expressionless 😑 smirk 😏 unamused 😒 face_with_rolling_eyes 🙄
grimacing 😬 relieved 😌 pensive 😔 sleepy 😪 sleeping 😴 mask 😷 dizzy_face 😵 exploding_head 🤯 partying_face 🥳
sunglasses 😎 nerd_face 🤓 confused 😕 worried 😟 slightly_frowning_face 🙁 open_mouth 😮 astonished 😲 flushed 😳
fearful 😨 cold_sweat 😰 cry 😢 sob 😭 scream 😱 disappointed 😞 sweat 😓 tired_face 😫 triumph 😤 rage 😡 angry 😠
skull 💀 poop 💩 robot_face 🤖 ghost 👻 wave 👋 raised_hand ✋ ok_hand 👌 crossed_fingers 🤞 point_left 👈
point_right 👉 point_up ☝️ point_down 👇 +1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 fist ✊ clap 👏 raised_hands 🙌
open_hands 👐 handshake 🤝 pray 🙏 writing_hand ✍️ muscle 💪 eyes 👀 eye 👁️ brain 🧠 bust_in_silhouette 👤
busts_in_silhouette 👥 speaking_head_in_silhouette 🗣️ woman 👩 man 👨 shrug 🤷 facepalm 🤦 heart ❤️ orange_heart 🧡
yellow_heart 💛 green_heart 💚 blue_heart 💙 purple_heart 💜 broken_heart 💔 100 💯 boom 💥 collision 💥 sparkles ✨
star ⭐ star2 🌟 dizzy 💫 fire 🔥 zap ⚡ droplet 💧 ocean 🌊 sunny ☀️ cloud ☁️ rain_cloud 🌧️ snowflake ❄️ rainbow 🌈
dog 🐶 cat 🐱 bug 🐛 bee 🐝 snail 🐌 turtle 🐢 penguin 🐧 unicorn_face 🦄 rose 🌹 seedling 🌱 evergreen_tree 🌲
apple 🍎 lemon 🍋 pizza 🍕 cake 🍰 coffee ☕ tea 🍵 beer 🍺 tada 🎉 confetti_ball 🎊 balloon 🎈 gift 🎁 trophy 🏆
medal 🏅 first_place_medal 🥇 dart 🎯 game_die 🎲 art 🎨 rocket 🚀 airplane ✈️ car 🚗 bike 🚲 construction 🚧
rotating_light 🚨 vertical_traffic_light 🚦 traffic_light 🚥 anchor ⚓ house 🏠 office 🏢 hospital 🏥 globe_with_meridians 🌐
earth_africa 🌍 earth_americas 🌎 watch ⌚ hourglass ⌛ hourglass_flowing_sand ⏳ alarm_clock ⏰ stopwatch ⏱️
timer_clock ⏲️ clock1 🕐 calendar 📆 date 📅 spiral_calendar_pad 🗓️ iphone 📱 calling 📲 phone ☎️ telephone ☎️
telephone_receiver 📞 computer 💻 desktop_computer 🖥️ keyboard ⌨️ floppy_disk 💾 cd 💿 camera 📷 bulb 💡 flashlight 🔦
battery 🔋 electric_plug 🔌 satellite_antenna 📡 signal_strength 📶 email 📧 envelope ✉️ inbox_tray 📥 outbox_tray 📤
package 📦 mailbox 📫 memo 📝 pencil 📝 pencil2 ✏️ clipboard 📋 pushpin 📌 round_pushpin 📍 paperclip 📎 link 🔗
scissors ✂️ file_folder 📁 open_file_folder 📂 card_index 📇 file_cabinet 🗄️ wastebasket 🗑️ book 📖 books 📚
bookmark 🔖 label 🏷️ page_facing_up 📄 scroll 📜 newspaper 📰 bar_chart 📊 chart_with_upwards_trend 📈
chart_with_downwards_trend 📉 moneybag 💰 credit_card 💳 receipt 🧾 lock 🔒 unlock 🔓 lock_with_ink_pen 🔏
closed_lock_with_key 🔐 key 🔑 old_key 🗝️ hammer 🔨 hammer_and_wrench 🛠️ wrench 🔧 gear ⚙️ nut_and_bolt 🔩 shield 🛡️
mag 🔍 mag_right 🔎 test_tube 🧪 microscope 🔬 pill 💊 toolbox 🧰 magnet 🧲 broom 🧹 bell 🔔 no_bell 🔕 loudspeaker 📢
mega 📣 speech_balloon 💬 thought_balloon 💭 zzz 💤 warning ⚠️ no_entry ⛔ no_entry_sign 🚫 octagonal_sign 🛑
white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎ heavy_plus_sign ➕
heavy_minus_sign ➖ question ❓ grey_question ❔ exclamation ❗ heavy_exclamation_mark ❗ grey_exclamation ❕ bangbang ‼️
information_source ℹ️ sos 🆘 new 🆕 free 🆓 up 🆙 ok 🆗 cool 🆒 id 🆔 red_circle 🔴 large_orange_circle 🟠
large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵 large_purple_circle 🟣 black_circle ⚫ white_circle ⚪
large_red_square 🟥 large_green_square 🟩 large_yellow_square 🟨 large_blue_square 🟦 black_small_square ▪️
white_small_square ▫️ black_large_square ⬛ white_large_square ⬜ small_blue_diamond 🔹 small_orange_diamond 🔸
radio_button 🔘 arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️ arrow_forward ▶️ arrow_backward ◀️
arrow_upper_right ↗️ arrow_lower_right ↘️ left_right_arrow ↔️ leftwards_arrow_with_hook ↩️ arrow_right_hook ↪️
arrows_counterclockwise 🔄 arrows_clockwise 🔃 repeat 🔁 back 🔙 end 🔚 soon 🔜 top 🔝 black_square_for_stop ⏹️
double_vertical_bar ⏸️ fast_forward ⏩ rewind ⏪ one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣
zero 0️⃣ keycap_ten 🔟 hash #️⃣ checkered_flag 🏁 triangular_flag_on_post 🚩 waving_white_flag 🏳️ flag-es 🇪🇸 flag-de 🇩🇪
flag-gb 🇬🇧 flag-us 🇺🇸 flag-br 🇧🇷 flag-in 🇮🇳 flag-mx 🇲🇽 infinity ♾️ recycle ♻️ copyright ©️ registered ®️ tm ™️ slack 💬`;

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
