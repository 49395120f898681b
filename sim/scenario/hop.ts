/** The hop that a scenario of format 1 is. */
import type { Consumer, Link, Producer, Scenario, Sink } from './schema.ts';

/** The parts of one hop, found by what they are; `parseScenario` made sure that they are there. */
export interface Hop {
  readonly producerId: string;
  readonly producer: Producer;
  readonly consumerId: string;
  readonly consumer: Consumer;
  readonly sinkId: string;
  readonly sink: Sink;
  readonly requestLink: Link;
  readonly answerLink: Link;
}

/** The hop of a parsed scenario. */
export function hopOf(scenario: Scenario): Hop {
  const nodes = Object.entries(scenario.nodes);
  const find = <K extends 'producer' | 'consumer' | 'sink'>(kind: K) =>
    nodes.flatMap(([id, node]) =>
      node.kind === kind ? [{ id, node: node as Extract<typeof node, { kind: K }> }] : [],
    )[0];
  const producer = find('producer');
  const consumer = find('consumer');
  const sink = find('sink');
  return {
    producerId: producer.id,
    producer: producer.node,
    consumerId: consumer.id,
    consumer: consumer.node,
    sinkId: sink.id,
    sink: sink.node,
    requestLink: scenario.links[`${producer.id}>${consumer.id}`],
    answerLink: scenario.links[`${consumer.id}>${producer.id}`],
  };
}
