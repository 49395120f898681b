import { describe, expect, it } from 'vitest';
import { BREAK_PX, timeAxis, type TimeAxis } from '../../../src/view/time-axis.ts';
import { surveyGaps } from '../../../src/view/gaps.ts';

const MS = 1_000;
const S = 1_000 * MS;
const WIDTH = 712;

/** Eight attempts over 27 h: request, effect and lost ack within 80 ms, a timeout after 15 s, then a wait. */
function svix(): number[] {
  const times: number[] = [];
  let at = 0;
  for (const wait of [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000, 0]) {
    times.push(at, at + 40 * MS, at + 80 * MS, at + 15 * S);
    at += (15 + wait) * S;
  }
  return times;
}

/** Messages every `everyUs`, each 40 ms there and 40 ms back. */
function regular(messages: number, everyUs: number): number[] {
  return Array.from({ length: messages }, (_, i) => [
    i * everyUs,
    i * everyUs + 40 * MS,
    i * everyUs + 80 * MS,
  ]).flat();
}

function axisOf(
  times: readonly number[],
  mode: 'elided' | 'linear' = 'elided',
  readableUs = 40 * MS,
): TimeAxis {
  return timeAxis({
    mode,
    survey: surveyGaps(times, 0, times[times.length - 1]),
    width: WIDTH,
    padStart: 14,
    padEnd: 34,
    readableUs,
  });
}

const labels = (axis: TimeAxis) => axis.ticks.map(({ label }) => label).filter((label) => label !== '');

describe('time axis: elided', () => {
  const times = svix();
  const axis = axisOf(times);

  it('a retry after 10 hours and an ack after 40 ms are both readable', () => {
    for (let attempt = 0; attempt < 8; attempt++) {
      const sent = times[4 * attempt];
      expect(axis.x(sent + 40 * MS) - axis.x(sent)).toBeGreaterThan(15);
    }
    expect(axis.x(times[28]) - axis.x(times[24])).toBeLessThan(WIDTH / 6);
  });

  it('idle time is cut to breaks of 16 px that say how long it was', () => {
    expect(axis.breaks.every(({ width }) => width === BREAK_PX)).toBe(true);
    const said = axis.breaks.map(({ label }) => label);
    expect(said).toEqual(expect.arrayContaining(['5 min', '30 min', '2 h', '5 h', '10 h']));
  });

  it('no instant falls inside the 16 px of a break', () => {
    for (const us of times) {
      for (const cut of axis.breaks) expect(axis.x(us) > cut.x && axis.x(us) < cut.x + cut.width).toBe(false);
    }
  });

  it('equal waits are cut alike: all eight timeouts are', () => {
    const timeouts = axis.breaks.filter(({ fromUs, untilUs }) => Math.abs(untilUs - fromUs - 14.92 * S) < 1);
    expect(timeouts).toHaveLength(8);
  });

  it('breaks do not overlap and stay inside the axis', () => {
    axis.breaks.forEach((cut, i) => {
      expect(cut.x).toBeGreaterThanOrEqual(i === 0 ? 14 : axis.breaks[i - 1].x + BREAK_PX);
      expect(cut.x + BREAK_PX).toBeLessThanOrEqual(WIDTH);
    });
  });

  it('a run whose packets are readable as it stands is not cut at all', () => {
    const times = Array.from({ length: 75 }, (_, i) => (i * 14 * S) / 75);
    const whole = axisOf(times, 'elided', 500 * MS);
    expect(whole.breaks).toEqual([]);
    expect(labels(whole).slice(0, 4)).toEqual(['0 s', '1', '2', '3']);
  });

  it('six messages a second apart are cut between, so that their 40 ms can be seen', () => {
    const cut = axisOf(regular(6, S));
    expect(cut.breaks).toHaveLength(5);
    expect(cut.x(40 * MS) - cut.x(0)).toBeGreaterThan(20);
  });

  it('2,000 messages are too many to cut between', () => {
    expect(axisOf(regular(2_000, 0.9 * S)).breaks).toEqual([]);
  });

  it('one instant is not cut, and one packet in a long run still gets room', () => {
    expect(axisOf([0]).breaks).toEqual([]);
    const lone = timeAxis({
      mode: 'elided',
      survey: surveyGaps([0, 40 * MS], 0, 86_400 * S),
      width: WIDTH,
      readableUs: 40 * MS,
    });
    expect(lone.breaks).toHaveLength(1);
    expect(lone.x(40 * MS) - lone.x(0)).toBeGreaterThan(100);
  });

  it('instants that coincide in clusters leave all the room to the breaks', () => {
    const axis = timeAxis({
      mode: 'elided',
      survey: surveyGaps([0, 3_600 * S], 0, 3_600 * S),
      width: WIDTH,
      readableUs: 40 * MS,
    });
    expect(axis.x(0)).toBe(0);
    expect(axis.x(3_600 * S)).toBe(WIDTH);
  });
});

describe('time axis: linear', () => {
  it('never cuts', () => {
    expect(axisOf(svix(), 'linear').breaks).toEqual([]);
  });

  it('px are proportional to time', () => {
    const axis = axisOf(svix(), 'linear');
    const hour = axis.x(3_600 * S) - axis.x(0);
    expect(axis.x(18_000 * S) - axis.x(14_400 * S)).toBeCloseTo(hour, 6);
  });
});

describe('time axis: both', () => {
  for (const mode of ['elided', 'linear'] as const) {
    for (const [name, times] of [
      ['eight attempts over 27 h', svix()],
      ['six messages', regular(6, S)],
      ['2,000 messages', regular(2_000, S)],
      ['three instants', [0, 1, 2]],
    ] as const) {
      it(`${mode}, ${name}: later is further right, and us is the inverse of x`, () => {
        const axis = axisOf(times, mode);
        times.forEach((us, i) => {
          if (i > 0) expect(axis.x(us)).toBeGreaterThanOrEqual(axis.x(times[i - 1]));
          expect(Math.abs(axis.us(axis.x(us)) - us)).toBeLessThan(1);
        });
      });

      it(`${mode}, ${name}: labels in one row do not touch`, () => {
        const axis = axisOf(times, mode);
        const written = axis.ticks.filter(({ label }) => label !== '');
        written.forEach(({ x, label }, i) => {
          if (i === 0) return;
          const room = (label.length + written[i - 1].label.length) * 3;
          expect(x - written[i - 1].x).toBeGreaterThan(room);
        });
        const said = axis.breaks.filter(({ label }) => label !== '');
        said.forEach(({ x, label }, i) => {
          if (i > 0) expect(x - said[i - 1].x).toBeGreaterThan((label.length + said[i - 1].label.length) * 3);
        });
      });
    }
  }

  it('ticks are round and say their unit once', () => {
    const at = (endUs: number) =>
      labels(timeAxis({ mode: 'linear', survey: surveyGaps([], 0, endUs), width: WIDTH }));
    expect(at(200 * MS).slice(0, 3)).toEqual(['0 ms', '20', '40']);
    expect(at(3 * S).slice(0, 3)).toEqual(['0 s', '0.2', '0.4']);
    expect(at(14 * S).slice(0, 3)).toEqual(['0 s', '1', '2']);
    expect(at(1_800 * S).slice(0, 3)).toEqual(['0 min', '2', '4']);
    expect(at(86_400 * S).slice(0, 3)).toEqual(['0 h', '2', '4']);
    expect(at(30 * 86_400 * S).slice(0, 3)).toEqual(['0 d', '2', '4']);
  });
});
