import type { PartProblem, ProbeSummary } from '../../domain/probe/report.ts'
import { summarise } from '../../domain/probe/summarise.ts'
import type { Store } from '../store/store.ts'
import { brokenOff } from './part-states.ts'

const INTERRUPTED: PartProblem = {
  message: 'Cloud Mole ended while it measured.',
  meaning: 'What had been found until then is kept.',
  nextStep: 'Run the probe again.',
}

/** Ends what an engine that was killed was measuring: it is not going on any more. */
export const closeInterrupted = (
  store: Pick<Store, 'probes' | 'probe' | 'saveProbe' | 'forgetProbe'>,
  atMs: number,
): ProbeSummary[] => {
  for (const { id } of store.probes().filter(({ state }) => state === 'running')) {
    const report = store.probe(id)
    if (report === null) {
      store.forgetProbe(id)
      continue
    }
    const ended = brokenOff(report, 'failed', INTERRUPTED, atMs)
    store.saveProbe(ended, summarise(ended))
  }
  return store.probes()
}
