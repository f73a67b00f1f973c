// What the teacher sees: who is here, how far each is, and the newest sample of each.

const SIDE = 28;
const PAUSE = 1000; // milliseconds between two looks
const find = (id) => document.getElementById(id);
const cards = new Map();

function card(name) {
  const element = document.createElement("article");
  const title = document.createElement("h2");
  title.textContent = name;
  const picture = document.createElement("canvas");
  picture.width = picture.height = SIDE;
  const label = document.createElement("strong");
  const bar = document.createElement("progress");
  const count = document.createElement("p");
  element.append(title, picture, label, bar, count);
  find("pupils").append(element);
  return { element, picture, label, bar, count, shown: "" };
}

function draw(canvas, data) {
  const context = canvas.getContext("2d");
  const picture = context.createImageData(SIDE, SIDE);
  Array.from(atob(data), (each) => each.charCodeAt(0)).forEach((grey, at) => {
    picture.data.set([grey, grey, grey, 255], 4 * at);
  });
  context.putImageData(picture, 0, 0);
}

function show(rows) {
  for (const { name, here, done, of, last } of rows) {
    if (!cards.has(name)) cards.set(name, card(name));
    const { element, picture, label, bar, count } = cards.get(name);
    element.classList.toggle("away", !here);
    bar.max = of;
    bar.value = done;
    bar.setAttribute("aria-label", `${name}: ${done} of ${of}`);
    count.textContent = done === of ? "done" : `${done} of ${of}${here ? "" : ", away"}`;
    if (!last || cards.get(name).shown === last[1]) continue;
    cards.get(name).shown = last[1];
    label.textContent = last[0];
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", `newest sample of ${name}: ${last[0]}`);
    draw(picture, last[1]);
  }
  const here = rows.filter((row) => row.here).length;
  const samples = rows.reduce((sum, row) => sum + row.done, 0);
  find("sum").textContent = `${here} of ${rows.length} here, ${samples} done`;
  find("empty").hidden = rows.length > 0;
}

async function look() {
  try {
    const answer = await fetch("table.json");
    if (answer.ok) show(await answer.json());
    find("sum").classList.toggle("lost", !answer.ok);
  } catch {
    find("sum").textContent = "not connected: trying again …";
    find("sum").classList.add("lost");
  }
  setTimeout(look, PAUSE);
}

look();
