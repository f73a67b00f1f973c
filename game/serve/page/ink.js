// The ink on the canvas, drawn as soon as the pen moves, whatever the board does.

/** The strokes that the page knows, by number, and their picture. */
export class Ink {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.points = new Map(); // of each stroke, [x, y, …] in page units
    this.order = []; // the numbers of the strokes to be seen
    this.view = [1, 0, 0]; // scale, x and y: pixel = page * scale + (x, y)
    this.pen = 12;
    this.colour = getComputedStyle(canvas).getPropertyValue("--ink");
    this.drawn = [];
    this.wanted = 0;
  }

  get isEmpty() {
    return this.order.length === 0;
  }

  toPage(x, y) {
    const [scale, left, top] = this.view;
    return [(x - left) / scale, (y - top) / scale];
  }

  /** The canvas has another size in pixels of the page. */
  resize(width, height) {
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.redraw();
  }

  /** The page lies so, with a pen so wide, in page units. */
  place(view, pen) {
    if (pen === this.pen && view.every((each, index) => each === this.view[index])) return;
    this.view = view;
    this.pen = pen;
    this.redraw();
  }

  begin(number, point) {
    this.points.set(number, []);
    this.order.push(number);
    this.drawn.push(number);
    this.extend(number, [point]);
  }

  /** Draws what is new of a stroke at once. */
  extend(number, points) {
    const all = this.points.get(number);
    if (!all) return;
    const from = Math.max(0, all.length - 2);
    for (const point of points) all.push(point[0], point[1]);
    if (this.drawn.includes(number)) this.line(all, from);
  }

  /** These strokes are on the page now, in this order. */
  show(numbers) {
    this.order = numbers.filter((number) => this.points.has(number));
    const isMore = this.drawn.every((number, index) => number === this.order[index]);
    if (!isMore) return this.redraw();
    for (const number of this.order.slice(this.drawn.length)) this.line(this.points.get(number), 0);
    this.drawn = [...this.order];
  }

  redraw() {
    this.context.setTransform(1, 0, 0, 1, 0, 0);
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.drawn = [...this.order];
    for (const number of this.order) this.line(this.points.get(number), 0);
  }

  line(points, from) {
    const context = this.context;
    const ratio = this.canvas.width / (this.canvas.clientWidth || 1);
    const [scale, left, top] = this.view;
    context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * left, ratio * top);
    context.strokeStyle = this.colour;
    context.lineWidth = Math.max(this.pen, 1 / (ratio * scale));
    context.lineCap = context.lineJoin = "round";
    context.beginPath();
    context.moveTo(points[from], points[from + 1]);
    // A dot is a line to where it already is.
    if (from + 2 >= points.length) context.lineTo(points[from], points[from + 1]);
    for (let at = from + 2; at < points.length; at += 2) context.lineTo(points[at], points[at + 1]);
    context.stroke();
  }
}
