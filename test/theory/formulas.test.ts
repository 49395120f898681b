/** The oracle itself is held against every number the theory reference prints (its section 6.3 and examples). */
import { describe, expect, it } from 'vitest';
import * as f from './formulas.ts';

/** Equal to all printed digits: six decimals. */
function printed(actual: number, digits: number): void {
  expect(Math.abs(actual - digits), `${actual} against ${digits}`).toBeLessThan(1e-6);
}

const BASE_A = { p: 0.2, q: 0.3, n: 4 };
const DOUBLING = [1, 2, 4, 8, 16, 32];
const SEED_WAITS = [60, 300, 1_800, 7_200, 43_200, 86_400];
const HOUR = 3_600;

describe('formulas: the numbers of the validation suite', () => {
  it('R02 R04 R05: Base-A', () => {
    const forms = f.baseForms(BASE_A);
    printed(forms.never, 0.0016);
    printed(forms.gaveUp, 0.037481);
    printed(forms.falseDeadLetter, 0.035881);
    printed(forms.falseShare, 0.957312);
    printed(forms.attempts, 1.718784);
    printed(forms.attemptsSquared - forms.attempts ** 2, 0.93007);
    printed(forms.copies, 1.375027);
    printed(forms.anyDuplicate, 0.29184);
    printed(forms.duplicates, 0.376627);
    printed(forms.acked, 0.962519);
    printed((1 - BASE_A.q) * forms.copies, 0.962519);
    [0.0016, 0.70656, 0.218112, 0.062669, 0.011059].forEach((at, c) => printed(forms.copiesPmf[c], at));
  });

  it('R06: many attempts', () => {
    const forms = f.baseForms({ p: 0.3, q: 0.2, n: 60 });
    [0.8, 0.16, 0.032, 0.0064].forEach((at, i) => printed(forms.copiesPmf[i + 1], at));
    printed(forms.duplicates, 0.25);
  });

  it('R07: network duplication', () => {
    const forms = f.networkDuplication({ p: 0.2, q: 0.3, n: 5, u: 0.1 });
    printed(forms.attempts, 1.710169);
    printed(forms.copies, 1.504949);
    printed(forms.gaveUp, 0.013575);
  });

  it('R10 R12: outages', () => {
    printed(f.wastedAttempts(DOUBLING, 3, 20), 222);
    printed(f.backlogLandings(DOUBLING, 3, 20, 5), 36);
    const born = f.bornInOutage([1, 2, 4, 8, 16], 40);
    printed(born.lost, 0.225);
    printed(born.overshootGivenSurvival, 5.5);
  });

  it('R13 R15: spurious retransmission', () => {
    const noLoss = { p: 0, q: 0 };
    const fast = f.anyAck(noLoss, [0.5, 0.5, 0.5, 0.5, 0.5], 1, (x) => f.exponentialCdf(x, 1));
    printed(fast.attempts, 1.886739);
    const late = f.discardLate(1.5, 4, 1);
    printed(late.attempts, 1.284026);
    printed(late.gaveUp, 0.002479);
    const lossy = f.anyAck({ p: 0.1, q: 0.15 }, [1, 2, 4], 2, (x) => f.hypoexponentialCdf(x, 1, 2));
    printed(lossy.attempts, 1.841544);
    printed(lossy.copies, 1.657389);
    printed(lossy.gaveUp, 0.005662);
    printed(lossy.falseDeadLetter, 0.005562);
  });

  it('R16 R18: the dedup window', () => {
    const loss = { p: 0.3, q: 0.4 };
    printed(f.leakFixed(loss, DOUBLING, 7).leak, 0.145041);
    printed(f.leakFixed(loss, DOUBLING, 7).effects, 1.209643);
    printed(f.leakSliding(loss, DOUBLING, 7).leak, 0.115543);
    printed(f.leakSliding(loss, DOUBLING, 7).effects, 1.161349);
    printed(f.leakFixed(loss, DOUBLING, 63).leak, 0.012865);
    expect(f.leakFixed(loss, DOUBLING, 63.001).leak).toBe(0);
  });

  it('2.7: constant gaps, many attempts: the two special cases', () => {
    const [p, q, w] = [0.3, 0.4, 3];
    const s = (1 - p) * (1 - q);
    const gaps = Array.from({ length: 80 }, () => 1);
    printed(f.leakFixed({ p, q }, gaps, w).leak, q * (1 - s) ** (w - 1));
    printed(f.leakSliding({ p, q }, gaps, w).leak, (q * p ** (w - 1)) / (1 - q * (1 - p ** (w - 1))));
  });

  it('R19 R21: the store', () => {
    printed(f.poissonTail(81, 60), 0.005632);
    printed(f.lruLeak(1, 100, 110), 0.17056);
    printed(f.lruLeak(1, 100, 160, 0.5, 100), 0.217351);
  });

  it('R22: jitter', () => {
    expect(f.fullJitter(16).mean).toBe(8);
    printed(f.fullJitter(16).variance, 21.333333);
    expect(f.equalJitter(16).mean).toBe(12);
    printed(f.equalJitter(16).variance, 5.333333);
    printed(f.proportionalJitter(16, 0.3).variance, 7.68);
    printed(f.decorrelatedUncapped(1, 4).mean, 9.125);
    const capped = [2, 3.5, 5.7393, 8.2031, 10.0069, 11.182, 11.9255, 12.3922];
    capped.forEach((mean, i) =>
      expect(Math.abs(f.decorrelatedCappedMean(20, i + 1) - mean)).toBeLessThan(1e-4),
    );
  });

  it('R23: horizons', () => {
    printed(f.sumOfUniformsCdf([1, 2, 4, 8, 16], 20), 0.775146);
    printed(f.proportionalHorizonCdf(SEED_WAITS, 0.3, 36 * HOUR), 0.319444);
    expect(f.proportionalHorizonCdf(SEED_WAITS, 0.3, 27.02 * HOUR)).toBe(0);
  });

  it('R25: the fullest bin', () => {
    printed(f.fullestBin(100, 100), 4.232595);
    printed(f.fullestBin(100, 10), 15.124527);
    printed(f.fullestBin(200, 20), 16.324428);
    printed(f.fullestBin(20, 400), 1.389977);
    printed(f.fullestBin(1_000, 100), 18.76166);
  });

  it('R31 R32: queues', () => {
    const one = f.mm1(0.7);
    printed(one.meanWait, 2.333333);
    printed(one.sojournBeyond(5), 0.22313);
    printed(one.noWait, 0.3);
    expect(one.asymptoticVariance).toBeCloseTo(335.568, 3);
    expect(f.mm1(0.5).asymptoticVariance).toBeCloseTo(29, 9);
    printed(f.md1(0.7).meanWait, 1.166667);
    printed(f.md1(0.7).waitCdf(3.2), 0.907965);
  });

  it('R34: races', () => {
    printed(f.raceFixedSpacing(0.7, 0.5), 0.246597);
    printed(f.raceTogether(1, 0.4), 0.32968);
    printed(f.raceApart(0.7, 1, 0.5), 0.248858);
    printed(f.reorder(0.7, 1), 0.248293);
  });

  it('R35: time to first arrival', () => {
    const gaps = [1, 2, 4];
    [
      [0.5, 0.685225],
      [2, 0.152378],
      [4, 0.025447],
      [9, 0.002495],
    ].forEach(([t, beyond]) => printed(f.firstArrivalBeyond(0.2, gaps, 1, t), beyond));
    [
      [0.5, 0.980829],
      [0.9, 2.507738],
      [0.99, 5.97518],
    ].forEach(([alpha, t]) => printed(f.firstArrivalQuantile(0.2, gaps, 1, alpha), t));
  });

  it('R36: crashes', () => {
    const of = { ...BASE_A, c: 0.15 };
    printed(f.crashAfterEffect(of).effects, 1.164134);
    printed(f.crashAfterEffect(of).twice, 0.14592);
    printed(f.crashAfterMark(of), 0.15136);
    printed(f.crashAfterAck(of), 0.112709);
    printed(f.crashWithoutDedup(of).copies, 1.553963);
    printed(f.crashWithoutDedup(of).anyDuplicate, 0.393984);
  });
});
