/** The exploration record, format 1: the question, its bounds and alphabet, and every answer with its evidence. */
import type { Bounds } from '../../sim/explore/bounds.ts';
import { alphabetOf, alphabetWords, answerWords, boundsWords } from '../../sim/explore/sentence.ts';
import { faultWords, ordersIn, orderWords } from '../../sim/explore/sentence.ts';
import { questionName, questionWords, strengthOf } from '../../sim/explore/sentence.ts';
import { scenarioHash } from '../../sim/scenario/canonical.ts';
import { claimedPolicy } from '../../sim/scenario/policies.ts';
import type { Answered, Explored, ShownWitness } from './explore.ts';

export function exploreRecord({ scenario, plan, bounds, engine, notes, answered }: Explored) {
  return {
    format: 1,
    engine,
    scenario: { id: scenario.id, hash: scenarioHash(scenario) },
    policy: scenario.policy,
    claims: claimedPolicy(scenario),
    seed: scenario.seed,
    bounds: { ...bounds, words: boundsWords(bounds) },
    alphabet: alphabetOf(plan, bounds),
    alphabetWords: alphabetWords(plan, bounds),
    notes,
    answers: answered.map((one) => answerRecord(one, bounds)),
  };
}

function answerRecord({ question, answer, depth, witnesses }: Answered, bounds: Bounds) {
  return {
    ask: questionName(question),
    asks: questionWords(question),
    answer: answer.kind,
    strength: strengthOf(question, answer),
    limit: answer.kind === 'gave up' ? answer.limit : null,
    depth,
    evidence: answer.evidence,
    words: answerWords(question, answer, { bounds, depth }),
    witnesses: witnesses.map(witnessRecord),
  };
}

function witnessRecord({ faults, overrides, why, rows, digest, seed, edits, command, link }: ShownWitness) {
  return {
    faults: faults.map((name) => ({ name, words: faultWords(name, overrides[name] ?? '') })),
    orders: ordersIn(overrides).map((name) => ({ name, words: orderWords(name) })),
    why,
    rows,
    digest,
    seed,
    edits,
    overrides,
    command,
    link,
  };
}
