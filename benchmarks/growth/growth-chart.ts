/** One size of batch and what it took. */
export interface GrowthPoint {
  readonly requests: number;
  readonly seconds: number;
  readonly floorSeconds: number;
  readonly peakMegabytes: number;
}

/** Where a panel's axes lie, in the chart's own units. */
interface Panel {
  readonly left: number;
  readonly x: (requests: number) => number;
  readonly y: (value: number) => number;
}

const size = { width: 760, height: 340, top: 74, bottom: 290, panel: 290 } as const;

// Its own background, so that it is readable on any page; the viewer's setting turns it dark.
const style = `
    .back { fill: #ffffff; stroke: #d0d7de; }
    text { fill: #1f2328; font: 12px system-ui, sans-serif; }
    .title { font-size: 14px; font-weight: 600; }
    .quiet { fill: #59636e; }
    .grid { stroke: #d0d7de; stroke-width: 1; }
    .ours { stroke: #0969da; fill: none; stroke-width: 2; }
    .dot { fill: #0969da; }
    .other { stroke: #8250df; fill: none; stroke-width: 2; stroke-dasharray: 5 4; }
    @media (prefers-color-scheme: dark) {
      .back { fill: #0d1117; stroke: #3d444d; }
      text { fill: #f0f6fc; }
      .quiet { fill: #9198a1; }
      .grid { stroke: #3d444d; }
      .ours { stroke: #4493f8; }
      .dot { fill: #4493f8; }
      .other { stroke: #ab7df8; }
    }`;

/**
 * Seconds and peak memory against requests, as an SVG of two panels. Requests and seconds are on
 * logarithmic scales, where what grows in proportion is a straight line; memory is on a plain one.
 */
export function growthChart(points: readonly GrowthPoint[], mostMegabytes: number): string {
  const requests = points.map((point) => point.requests);
  const seconds = points.flatMap((point) => [point.seconds, point.floorSeconds]);
  const decades = decadesAround(seconds);
  const highest = Math.max(mostMegabytes, ...points.map((point) => point.peakMegabytes)) * 1.15;
  const x = logarithmic(Math.min(...requests), Math.max(...requests), 24, size.panel - 24);
  const first: Panel = {
    left: 60,
    x,
    y: logarithmic(decades[0] ?? 1, decades.at(-1) ?? 10, size.bottom, size.top),
  };
  const second: Panel = {
    left: 440,
    x,
    y: (value) => size.bottom - (value / highest) * (size.bottom - size.top),
  };
  const memoryTicks = [0, 50, 100, 150, 200, 250, 300, 400].filter((tick) => tick <= highest);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="Seconds and peak memory of the whole path against the number of requests">
  <style>${style}
  </style>
  <rect class="back" x="0.5" y="0.5" width="${size.width - 1}" height="${size.height - 1}" rx="8"/>
${panel(first, "Seconds (both scales logarithmic)", decades, requests)}
${line(first, "ours", points, (point) => point.seconds)}
${line(first, "other", points, (point) => point.floorSeconds)}
${dots(first, points, (point) => point.seconds, { digits: 1, above: 9 })}
${key(first, "the whole path", "the floor: scan, JSON.parse, fetch")}
${panel(second, "Peak memory of the client, MB", memoryTicks, requests)}
${line(second, "ours", points, (point) => point.peakMegabytes)}
${line(second, "other", points, () => mostMegabytes)}
${dots(second, points, (point) => point.peakMegabytes, { digits: 0, above: -20 })}
${key(second, "the whole path", "the goal")}
</svg>
`;
}

type Value = (point: GrowthPoint) => number;

function panel(
  { left, x, y }: Panel,
  title: string,
  ticks: readonly number[],
  requests: readonly number[],
): string {
  const rows = ticks.map((tick) => {
    const at = y(tick).toFixed(1);
    return `  <line class="grid" x1="${left}" x2="${left + size.panel}" y1="${at}" y2="${at}"/>
  <text class="quiet" x="${left - 8}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${tick}</text>`;
  });
  const columns = requests.map((count) => {
    const at = (left + x(count)).toFixed(1);
    return `  <text class="quiet" x="${at}" y="${size.bottom + 18}" text-anchor="middle">${count.toLocaleString("en-US")}</text>`;
  });
  const middle = left + size.panel / 2;
  return [
    `  <text class="title" x="${left}" y="28">${title}</text>`,
    ...rows,
    ...columns,
    `  <text class="quiet" x="${middle}" y="${size.bottom + 36}" text-anchor="middle">requests</text>`,
  ].join("\n");
}

function line({ left, x, y }: Panel, name: string, points: readonly GrowthPoint[], value: Value) {
  const corners = points.map((point) => {
    return `${(left + x(point.requests)).toFixed(1)},${y(value(point)).toFixed(1)}`;
  });
  return `  <polyline class="${name}" points="${corners.join(" ")}"/>`;
}

function dots(
  { left, x, y }: Panel,
  points: readonly GrowthPoint[],
  value: Value,
  { digits, above }: { readonly digits: number; readonly above: number },
): string {
  return points
    .map((point) => {
      const at = left + x(point.requests);
      const height = y(value(point));
      return `  <circle class="dot" cx="${at.toFixed(1)}" cy="${height.toFixed(1)}" r="4"/>
  <text x="${at.toFixed(1)}" y="${(height - above).toFixed(1)}" text-anchor="middle">${value(point).toFixed(digits)}</text>`;
    })
    .join("\n");
}

function key({ left }: Panel, ours: string, other: string): string {
  return `  <line class="ours" x1="${left}" x2="${left + 22}" y1="46" y2="46"/>
  <text x="${left + 28}" y="50">${ours}</text>
  <line class="other" x1="${left + 128}" x2="${left + 150}" y1="46" y2="46"/>
  <text x="${left + 156}" y="50">${other}</text>`;
}

/** Where a value lies between two ends, on a logarithmic scale. */
function logarithmic(
  from: number,
  to: number,
  start: number,
  end: number,
): (value: number) => number {
  const span = Math.log(to / from) || 1;
  return (value) => start + ((end - start) * Math.log(value / from)) / span;
}

/** The powers of ten around all values. */
function decadesAround(values: readonly number[]): readonly number[] {
  const first = Math.floor(Math.log10(Math.min(...values)));
  const last = Math.max(Math.ceil(Math.log10(Math.max(...values))), first + 1);
  return Array.from({ length: last - first + 1 }, (_, at) => Number(`1e${first + at}`));
}
