/**
 * From an order to latencies: a schedule that was found in any order says only what comes after what. Here each of its
 * packets and steps gets a time, so that the scenario's own timers, which run as long as they run, make that very
 * order happen. Not every order has such times; one that has none is no counterexample.
 *
 * One walk along the order is enough: everything happens as early as the order allows, a little after the event
 * before it, so that the timers that come later are left as much room as there can be.
 */
import { FACT, type About, type Listener } from '../core/fact.ts';
import { ordinalOf, packetName } from '../core/packet-name.ts';
import { EVENT } from '../engine/event.ts';
import { choiceName, STREAM } from '../nature/choice.ts';
import type { Heard } from '../nature/exploring.ts';
import { SeededNature } from '../nature/seeded.ts';
import { longestWaitUs, shortestWaitUs } from '../policy/retry.ts';
import type { Plan } from '../scenario/plan.ts';
import { ALL_REDUCTIONS, DEATH, EXPIRY, reductionsFor, type Pending, type Reductions } from './any-order.ts';
import type { Bounds } from './bounds.ts';
import type { Inquiry } from './explore.ts';
import { isAnswered, type Question } from './question.ts';
import { Walker } from './walker.ts';
import { scriptFrom, type Script } from './witness.ts';

/** How far apart two events are set where there is room, µs; else half of the room there is. */
const APART_US = 1000;

/** When something takes place by itself, µs. */
interface Due {
  readonly fromUs: number;
  readonly untilUs: number;
}

/** Of what takes place whenever the order says: a packet, a step. */
const WHENEVER: Due = { fromUs: 0, untilUs: Infinity };

/** The streams of a packet's fate, by the event of its arrival. */
const DELAY: Readonly<Record<number, number>> = {
  [EVENT.request]: STREAM.requestDelay,
  [EVENT.answer]: STREAM.ackDelay,
  [EVENT.nack]: STREAM.nackDelay,
};
const LOST: Readonly<Record<number, number>> = {
  [EVENT.request]: STREAM.requestLost,
  [EVENT.answer]: STREAM.ackLost,
  [EVENT.nack]: STREAM.nackLost,
};
const STEPS: readonly number[] = [STREAM.processing, STREAM.checkTime, STREAM.markTime, STREAM.ackTime];

/** The script that makes a found order happen; null when no latencies do. */
export function latenciesOf(
  plan: Plan,
  { bounds, question, reductions = ALL_REDUCTIONS }: Inquiry,
  picks: readonly number[],
): Script | null {
  return new Timetable(plan, bounds, reductionsFor(question, reductions)).of(question, picks);
}

/** One walk along an order, with a time for everything. */
class Timetable implements Listener {
  private readonly plan: Plan;
  private readonly walker: Walker;
  private readonly weather: SeededNature;
  private readonly heard: Heard[] = [];
  /** Durations and losses that the order asks for, by name. */
  private readonly asked = new Map<string, number | boolean>();
  /** When each pending event was set, by its slot; slots are not used again while the clock stands. */
  private readonly setUs = new Map<number, number>();
  /** The steps whose time a pending step is the end of, by its slot. */
  private readonly steps = new Map<number, readonly Heard[]>();
  /** When the entry of each message was last written or renewed. */
  private readonly markedUs = new Map<number, number>();
  private readonly lastWaitUs = new Map<number, number>();
  /** Packets and steps that a timer did not wait for, by name. */
  private readonly slow = new Set<string>();
  /** When the process died last. */
  private crashedUs = 0;
  private nowUs = 0;
  private isPossible = true;

  constructor(plan: Plan, { losses, copies, delays, crashes }: Bounds, reductions: Reductions) {
    this.plan = plan;
    this.weather = new SeededNature(plan.scenario.seed, plan.streams);
    this.walker = new Walker(plan, {
      budget: { losses, copies, delays, crashes },
      anyDelay: true,
      reductions,
      keepsTimes: false,
      heard: (choice) => this.heard.push(choice),
      also: this,
    });
    this.walker.onPick = (picked) => {
      this.noteNew(this.heard.length); // a retry is picked in one step with the timeout that set it
      this.place(picked);
    };
  }

  of(question: Question, picks: readonly number[]): Script | null {
    const { walker, heard } = this;
    heard.length = 0;
    walker.path.follow(picks);
    walker.start();
    this.noteNew(0);
    const isThere = () =>
      walker.path.made >= picks.length && isAnswered(question, walker.ledger, walker.isOver, walker.couldEnd);
    while (this.isPossible && !walker.isOver && !isThere()) {
      const before = heard.length;
      walker.step();
      this.noteNew(before);
    }
    if (!this.isPossible) return null;
    for (const pending of walker.pending)
      this.leave(pending, isAnswered(question, walker.ledger, false, false));
    return scriptFrom(
      this.plan,
      heard.flatMap((choice): Heard[] => {
        const asked = this.asked.get(this.name(choice.stream, choice));
        if (asked !== undefined)
          return [{ ...choice, chosen: asked, isFault: choice.isFault || asked === true }];
        return typeof choice.chosen === 'boolean' ? [choice] : [];
      }),
    );
  }

  // ── what the engine tells ──────────────────────────────────────────────────────────────────────────────────────

  follow(): void {
    // The clock of this walk is `nowUs`; the world's stands still.
  }

  tell(kind: number, { id }: About): number {
    if (kind === FACT.crash) this.crashedUs = this.nowUs;
    if (kind === FACT.mark || (kind === FACT.suppress && this.plan.store.slides))
      this.markedUs.set(id, this.nowUs);
    return -1;
  }

  conclude(): void {
    // Nothing ends a timetable but its order.
  }

  // ── times ──────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Gives the picked event its time, which becomes now. */
  private place(picked: Pending): void {
    if (picked.kind === DEATH) {
      // It arrives at the very instant of the crash, before it.
      const tookUs = this.crashedUs - (this.setUs.get(picked.slot) ?? 0);
      this.isPossible &&= tookUs >= 0;
      this.asked.set(this.name(STREAM.requestDelay, picked), tookUs);
      return;
    }
    const others = this.walker.pending.filter(({ slot }) => slot !== picked.slot);
    const latestUs = Math.min(...others.map((pending) => this.dueOf(pending).untilUs));
    const due = this.dueOf(picked);
    const tookUs = () => this.nowUs - (this.setUs.get(picked.slot) ?? 0);
    if (due !== WHENEVER) {
      const whenUs = Math.max(due.fromUs, this.nowUs);
      this.isPossible &&= whenUs <= due.untilUs && whenUs <= latestUs;
      this.nowUs = whenUs;
      if (picked.kind === EVENT.timeout)
        for (const other of others) if (other.message === picked.message) this.noteSlow(other);
      if (picked.kind !== EVENT.retry) return;
      const attempt = packetName(ordinalOf(picked.packet) - 1);
      this.lastWaitUs.set(picked.message, tookUs());
      this.asked.set(this.name(STREAM.wait, { message: picked.message, packet: attempt }), tookUs());
      return;
    }
    const roomUs = latestUs - this.nowUs;
    this.isPossible &&= roomUs >= 0;
    this.nowUs += roomUs > 2 * APART_US ? APART_US : Math.max(0, Math.floor(roomUs / 2));
    const delay = DELAY[picked.kind];
    if (delay !== undefined) this.asked.set(this.name(delay, picked), tookUs());
    this.takeSteps(picked, tookUs());
  }

  /** What is still pending when the order is through: it comes later, or, where that might undo the answer, never. */
  private leave(pending: Pending, isAnswerFinal: boolean): void {
    const lost = LOST[pending.kind];
    if (lost !== undefined && !isAnswerFinal) {
      this.asked.set(this.name(lost, pending), true);
      return;
    }
    const laterUs = this.nowUs - (this.setUs.get(pending.slot) ?? 0) + APART_US;
    const delay = DELAY[pending.kind];
    if (delay !== undefined) this.asked.set(this.name(delay, pending), laterUs);
    this.takeSteps(pending, laterUs);
  }

  /** Gives a group as long as it takes: all of it to the first step. */
  private takeSteps(pending: Pending, us: number): void {
    for (const [index, step] of (this.steps.get(pending.slot) ?? []).entries())
      this.asked.set(this.name(step.stream, step), index === 0 ? us : 0);
  }

  /** When a pending event takes place by itself. */
  private dueOf(pending: Pending): Due {
    const { sender, receiver, store } = this.plan;
    const setUs = this.setUs.get(pending.slot) ?? 0;
    switch (pending.kind) {
      case EVENT.timeout:
        return at(setUs + sender.ackTimeoutUs);
      case EVENT.retry: {
        const { retry } = sender;
        const attempt = ordinalOf(pending.packet) - 1;
        const low = shortestWaitUs(retry, attempt);
        const high = longestWaitUs(retry, attempt, this.lastWaitUs.get(pending.message) ?? retry.delayUs);
        const capped = retry.jitter === 'decorrelated' ? Math.min(high, retry.capUs) : high;
        return { fromUs: setUs + low, untilUs: setUs + capped };
      }
      case EVENT.arrival:
        return at(this.arrivalUs(pending.message, setUs));
      case EVENT.restart:
        return at(setUs + receiver.restartAfterUs);
      case EXPIRY:
        return { fromUs: (this.markedUs.get(pending.message) ?? 0) + store.windowUs, untilUs: Infinity };
      default:
        return WHENEVER;
    }
  }

  private arrivalUs(message: number, setUs: number): number {
    const { gap, gapFirst, firstArrivalUs, burst } = this.plan.sender;
    const gapUs = this.weather.value(STREAM.gap, message, 0, gap);
    if (message === 1) return firstArrivalUs + (gapFirst ? gapUs : 0);
    return setUs + ((message - 1) % burst === 0 ? gapUs : 0);
  }

  /** Notes when what is newly pending was set, and which steps a new step stands for. */
  private noteNew(heardBefore: number): void {
    const steps = this.heard.slice(heardBefore).filter(({ stream }) => STEPS.includes(stream));
    for (const { slot, kind } of this.walker.pending) {
      if (this.setUs.has(slot)) continue;
      this.setUs.set(slot, this.nowUs);
      if (kind === EVENT.step) this.steps.set(slot, steps);
    }
  }

  private noteSlow(pending: Pending): void {
    const delay = DELAY[pending.kind];
    if (delay !== undefined) this.slow.add(this.name(delay, pending));
    const [step] = this.steps.get(pending.slot) ?? [];
    if (step !== undefined) this.slow.add(this.name(step.stream, step));
  }

  private name(stream: number, { message, packet }: Pick<Heard, 'message' | 'packet'>): string {
    return choiceName(this.plan.streams[stream], message, packet);
  }
}

function at(us: number): Due {
  return { fromUs: us, untilUs: us };
}
