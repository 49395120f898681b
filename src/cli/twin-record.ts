/** The twin record, format 1: two runs that look the same to the sender, or that there are none; and the ladder. */
import type { LadderAnswer } from '../../sim/explore/ladder.ts';
import { alphabetOf, alphabetWords, boundsWords } from '../../sim/explore/sentence.ts';
import type { World } from '../../sim/explore/twins.ts';
import { STATUS } from '../../sim/protocol/retry-until-answered.ts';
import { scenarioHash } from '../../sim/scenario/canonical.ts';
import { decisionWords } from '../view/twins/twins-words.ts';
import { rungWords } from '../view/twins/knowledge-words.ts';
import type { Shown, TwinTold } from './twin.ts';

export const BELIEFS: Readonly<Record<number, string>> = {
  [STATUS.trying]: 'in doubt',
  [STATUS.confirmed]: 'confirmed',
  [STATUS.refused]: 'refused',
  [STATUS.gaveUp]: 'gave up',
};

export function twinRecord(told: TwinTold) {
  const { scenario, boundedPlan, bounds, engine, notes, seed, overrides, answer, ladder } = told;
  return {
    format: 1,
    engine,
    scenario: { id: scenario.id, hash: scenarioHash(scenario) },
    policy: scenario.policy,
    seed,
    overrides,
    bounds: { ...bounds, words: boundsWords(bounds) },
    alphabet: alphabetOf(boundedPlan, bounds),
    alphabetWords: alphabetWords(boundedPlan, bounds),
    notes,
    answer: answer.kind,
    schedules: answer.kind === 'twins' ? answer.lookedAt : answer.schedules,
    limit: answer.kind === 'gave up' ? answer.limit : null,
    twins: twinsRecord(told),
    ladder: ladderRecord(ladder),
  };
}

function ladderRecord(answer: LadderAnswer) {
  if (answer.kind === 'gave up') return { answer: answer.kind, limit: answer.limit, runs: answer.runs };
  const { ladder } = answer;
  return {
    answer: answer.kind,
    ...ladder,
    rungs: ladder.rungs.map((rung) => ({ ...rung, words: rungWords(rung.knowers) })),
  };
}

function twinsRecord({ answer, shown }: TwinTold) {
  if (answer.kind !== 'twins' || shown === null) return null;
  const { twins } = answer;
  const { message, isOfThisRun, senderColumn, firstDifference, flipped, sendAgain, stop } = twins;
  return {
    message,
    isOfThisRun,
    senderColumn,
    here: worldRecord(twins.here, shown.here, twins.seed),
    there: worldRecord(twins.there, shown.there, twins.seed),
    firstDifference,
    flipped,
    sendAgain,
    stop,
    words: decisionWords(twins),
  };
}

function worldRecord({ overrides, result, effects, belief }: World, { command, link }: Shown, seed: string) {
  const { digests, metrics } = result;
  return { effects, belief: BELIEFS[belief], seed, overrides, digests, metrics, command, link };
}
