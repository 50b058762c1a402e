/** A day's measurements as an inline SVG, with the times at which a trigger would have been on. */
import type { ReplayedDay } from "../../../editor/admin.js";

export interface Limit {
  value: number;
  text: string;
}

/** The drawing in words; `times`: when it would have been on. */
interface Words {
  title: string;
  description: string;
  times: string[];
}

const [WIDTH, HEIGHT, AXIS] = [480, 120, 14];
const HOUR = 3_600_000;
/** A longer time without a sample is a gap in the line, in ms. */
const GAP = 5 * 60_000;

/** For screen readers it is one picture with a description. */
export function dayDrawing(
  day: ReplayedDay,
  limits: readonly Limit[],
  { title, description, times }: Words,
): SVGElement {
  const scale = scaleOf(day, limits);
  const named = { "aria-labelledby": "cemm-day-title", "aria-describedby": "cemm-day-description" };
  const drawing = shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT + AXIS}`, role: "img", ...named });
  drawing.append(
    written("title", { id: named["aria-labelledby"] }, title),
    written("desc", { id: named["aria-describedby"] }, description),
    ...day.on.map(({ from, to }, n) => band(scale.x(from), scale.x(to), times[n] ?? "")),
    shape("path", { class: "cemm-axis", d: `M0 ${scale.y(0)}H${WIDTH}` }),
    ...limits.flatMap((limit, n) => limitShapes(limit, scale.y(limit.value), n === 0)),
    shape("path", { class: "cemm-power", d: lineOf(day, scale) }),
    ...hourTexts(day, scale),
  );
  return drawing;
}

interface Scale {
  x: (time: number) => number;
  y: (value: number) => number;
}

/** Zero and both thresholds are always visible. */
function scaleOf({ start, end, samples }: ReplayedDay, limits: readonly Limit[]): Scale {
  const values = [0, ...limits.map(({ value }) => value), ...samples.flatMap(([, value]) => value ?? [])];
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const round = (pixels: number) => Math.round(pixels * 10) / 10;
  return {
    x: (time) => round(((time - start) / (end - start)) * WIDTH),
    y: (value) => round(2 + ((max - value) / (max - min || 1)) * (HEIGHT - 4)),
  };
}

/** A band for a time when it would have been on, with that time as its tooltip. */
function band(from: number, to: number, time: string): SVGElement {
  const rectangle = shape("rect", { class: "cemm-on", x: from, width: Math.max(1, to - from), y: 0, height: HEIGHT });
  rectangle.append(written("title", {}, time));
  return rectangle;
}

/** The first label is at the left, the other at the right, since they may be close to each other. */
function limitShapes({ text }: Limit, y: number, isFirst: boolean): SVGElement[] {
  const place = { x: isFirst ? 4 : WIDTH - 4, y: y > 14 ? y - 3 : y + 11, "text-anchor": isFirst ? "start" : "end" };
  return [shape("path", { class: "cemm-limit", d: `M0 ${y}H${WIDTH}` }), written("text", place, text)];
}

function lineOf({ samples }: ReplayedDay, { x, y }: Scale): string {
  let last = Number.NEGATIVE_INFINITY;
  const steps = samples.map(([time, value]) => {
    if (value === null) return "";
    const isConnected = time - last < GAP;
    last = time;
    return `${isConnected ? "L" : "M"}${x(time)} ${y(value)}`;
  });
  return steps.join("");
}

/** Every sixth hour of local time, whatever the length of the day. */
function hourTexts({ start, end, timezone }: ReplayedDay, { x }: Scale): SVGElement[] {
  const hourOf = new Intl.DateTimeFormat("en", { hour: "numeric", hourCycle: "h23", timeZone: timezone });
  const texts: SVGElement[] = [];
  for (let time = start + HOUR; time < end; time += HOUR) {
    const hour = hourOf.format(time);
    if (Number(hour) % 6 === 0)
      texts.push(written("text", { x: x(time), y: HEIGHT + AXIS - 2, "text-anchor": "middle" }, hour));
  }
  return texts;
}

function shape(name: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  if (!(element instanceof SVGElement)) throw new TypeError(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

function written(name: string, attributes: Record<string, string | number>, text: string): SVGElement {
  const element = shape(name, attributes);
  element.textContent = text;
  return element;
}
