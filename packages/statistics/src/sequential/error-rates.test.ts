import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conclude, NO_EVIDENCE, requestsToDetect, type Tally, weigh } from './error-rates.ts';

const SEED = 20_260_101;
const LOOKS = 60;

/** mulberry32: small, seeded, good enough to draw binomials from. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Waiting times between successes are geometric: the work grows with the errors, not with the requests. */
function tally(random: () => number, requests: number, errorRate: number): Tally {
  if (errorRate === 0) return { requests, errors: 0 };
  let errors = 0;
  for (let at = 0; ; errors++) {
    at += 1 + Math.floor(Math.log(1 - random()) / Math.log(1 - errorRate));
    if (at > requests) return { requests, errors };
  }
}

interface Scenario {
  readonly canary: number;
  readonly baseline: number;
  readonly margin: number;
  readonly alpha: number;
  readonly split: (look: number) => readonly [canary: number, baseline: number];
}

/** How often, and at which look at the median, the test says `worse`. */
function simulate(runs: number, scenario: Scenario) {
  const random = seeded(SEED);
  const seenAt: number[] = [];
  for (let run = 0; run < runs; run++) {
    let evidence = NO_EVIDENCE;
    for (let look = 1; look <= LOOKS; look++) {
      const [n, m] = scenario.split(look);
      evidence = weigh(
        evidence,
        tally(random, n, scenario.canary),
        tally(random, m, scenario.baseline),
        scenario.margin,
      );
      if (conclude(evidence, scenario.alpha).verdict === 'worse') {
        seenAt.push(look);
        break;
      }
    }
  }
  seenAt.sort((a, b) => a - b);
  return { share: seenAt.length / runs, medianLook: seenAt[Math.floor(runs / 2)] ?? Number.POSITIVE_INFINITY };
}

const even = (perLook: number) => () => [perLook, perLook] as const;
const steps = (look: number) => (look <= 20 ? [50, 950] : look <= 40 ? [250, 750] : [500, 500]) as [number, number];

for (const [name, scenario] of [
  ['20 requests a look, no difference', { canary: 0.01, baseline: 0.01, margin: 1, split: even(20) }],
  ['200 requests a look, no difference', { canary: 0.01, baseline: 0.01, margin: 1, split: even(200) }],
  ['a split that goes from 5/95 to 50/50', { canary: 0.01, baseline: 0.01, margin: 1, split: steps }],
  ['exactly at the margin', { canary: 0.03, baseline: 0.02, margin: 1.5, split: steps }],
  ['errors that are not rare', { canary: 0.45, baseline: 0.3, margin: 1.5, split: even(40) }],
] as const) {
  test(`R8: no more false alarms than promised over ${LOOKS} looks: ${name}`, () => {
    const alpha = 0.05;
    const { share } = simulate(2_000, { ...scenario, alpha });
    assert.ok(share <= alpha, `${share} of the runs alarmed (seed ${SEED})`);
  });
}

test('R8: five percent against one percent is seen at low traffic and at once at higher', () => {
  const at = { canary: 0.05, baseline: 0.01, margin: 1, alpha: 0.05 };
  const low = simulate(1_000, { ...at, split: even(20) });
  assert.ok(low.share >= 0.99 && low.medianLook <= 14, JSON.stringify(low));
  const higher = simulate(1_000, { ...at, split: even(200) });
  assert.ok(higher.share === 1 && higher.medianLook <= 2, JSON.stringify(higher));
});

test('R8: twenty percent against one percent is seen within a few looks, also with margin and on a small share', () => {
  const even20 = simulate(1_000, { canary: 0.2, baseline: 0.01, margin: 1.5, alpha: 0.01, split: even(20) });
  assert.ok(even20.share === 1 && even20.medianLook <= 4, JSON.stringify(even20));
  const small = simulate(1_000, { canary: 0.2, baseline: 0.01, margin: 1.5, alpha: 0.01, split: () => [10, 190] });
  assert.ok(small.share === 1 && small.medianLook <= 5, JSON.stringify(small));
});

test('the evidence is the closed form that two point likelihoods give', () => {
  const canary = { requests: 100, errors: 9 };
  const baseline = { requests: 900, errors: 11 };
  const { log_ratios } = weigh(NO_EVIDENCE, canary, baseline, 1.5);
  const share = (ratio: number) => (ratio * 100) / (ratio * 100 + 900);
  const binomial = (theta: number) => 9 * Math.log(theta) + 11 * Math.log(1 - theta);
  assert.ok(Math.abs((log_ratios[0] ?? 0) - (binomial(share(1.8)) - binomial(share(1.5)))) < 1e-5);
});

test('very large counts neither overflow nor underflow', () => {
  const worse = weigh(NO_EVIDENCE, { requests: 1e9, errors: 9e8 }, { requests: 1e9, errors: 1e6 }, 1.5);
  assert.equal(conclude(worse, 0.01).verdict, 'worse');
  assert.equal(conclude(worse, 0.01).pValue, 0);
  const better = weigh(NO_EVIDENCE, { requests: 1e9, errors: 0 }, { requests: 1e9, errors: 9e8 }, 1.5);
  assert.deepEqual([conclude(better, 0.01).verdict, conclude(better, 0.01).pValue], ['undecided', 1]);
  assert.ok(Number.isFinite(conclude(better, 0.01).logEvidence));
});

test('a version without traffic adds no evidence, and a verdict once reached stays', () => {
  assert.equal(weigh(NO_EVIDENCE, { requests: 0, errors: 0 }, { requests: 9, errors: 9 }, 1.5), NO_EVIDENCE);
  assert.equal(weigh(NO_EVIDENCE, { requests: 9, errors: 9 }, { requests: 0, errors: 0 }, 1.5), NO_EVIDENCE);
  const worse = weigh(NO_EVIDENCE, { requests: 100, errors: 60 }, { requests: 100, errors: 1 }, 1.5);
  const later = weigh(worse, { requests: 5_000, errors: 0 }, { requests: 5_000, errors: 400 }, 1.5);
  assert.equal(conclude(later, 0.01).verdict, 'worse');
  assert.ok(conclude(later, 0.01).logEvidence < 0);
});

test('evidence that is just enough is enough', () => {
  const enough = { ...NO_EVIDENCE, peak: -Math.log(0.05) };
  assert.deepEqual([conclude(enough, 0.05).verdict, conclude(enough, 0.049).verdict], ['worse', 'undecided']);
});

test('the forecast of requests needed is of the order of what the simulation needs', () => {
  const at = { baselineErrorRate: 0.01, canaryShare: 0.5, marginRatio: 1, falseAlarmProbability: 0.05 };
  const forecast = requestsToDetect(5, at);
  const measured = simulate(1_000, { canary: 0.05, baseline: 0.01, margin: 1, alpha: 0.05, split: even(20) });
  assert.ok(forecast / 40 < measured.medianLook * 2 && forecast / 40 > measured.medianLook / 2, `${forecast / 40}`);
  assert.equal(requestsToDetect(1, at), Number.POSITIVE_INFINITY);
});

test('the requests it takes to detect are those after which an average canary is found out, and not half of them', () => {
  const falseAlarmProbability = 0.01;
  const baselineErrorRate = 0.004;
  for (const canaryShare of [0.05, 0.2, 0.5, 0.8]) {
    for (const marginRatio of [1, 1.5, 3]) {
      const ratio = marginRatio * 1.2 * 1.45 ** 3;
      const needed = requestsToDetect(ratio, { baselineErrorRate, canaryShare, marginRatio, falseAlarmProbability });
      const verdictAfter = (requests: number) => {
        const [canary, baseline] = [requests * canaryShare, requests * (1 - canaryShare)];
        const errors = { canary: canary * baselineErrorRate * ratio, baseline: baseline * baselineErrorRate };
        const evidence = weigh(
          NO_EVIDENCE,
          { requests: canary, errors: errors.canary },
          { requests: baseline, errors: errors.baseline },
          marginRatio,
        );
        return conclude(evidence, falseAlarmProbability).verdict;
      };
      const where = `share ${canaryShare}, margin ${marginRatio}`;
      assert.equal(verdictAfter(needed), 'worse', where);
      assert.equal(verdictAfter(needed / 2), 'undecided', where);
    }
  }
});

test('no number of requests detects a canary within the margin, or one beside which nothing runs', () => {
  const at = { baselineErrorRate: 0.01, canaryShare: 0.5, marginRatio: 2, falseAlarmProbability: 0.01 };
  for (const ratio of [0.5, 1, 2]) assert.equal(requestsToDetect(ratio, at), Number.POSITIVE_INFINITY);
  assert.equal(requestsToDetect(4, { ...at, canaryShare: 1 }), Number.POSITIVE_INFINITY);
});
