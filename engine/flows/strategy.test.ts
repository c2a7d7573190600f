import { describe, expect, it } from 'vitest'
import { strategyInWords } from './strategy.ts'

const FACTS = {
  available: true,
  schedulers: ['default'],
  scheduler: 'default',
  pathManager: 'kernel',
  endpoints: [
    { tunnel: 1, backup: false },
    { tunnel: 2, backup: true },
  ],
  subflowLimit: 8,
}

describe('strategyInWords', () => {
  it('claims of no strategy what the kernel does not do', () => {
    expect(strategyInWords('roundrobin', FACTS)).toMatch(/^The kernel’s default scheduler.*each of 2 tunnels/)
    expect(strategyInWords('redundant', FACTS)).toMatch(/^This kernel cannot send everything twice/)
    expect(strategyInWords('adaptive', FACTS)).toMatch(/held back now: mole2/)
  })

  it('names a scheduler that truly sends everything twice', () => {
    expect(strategyInWords('redundant', { ...FACTS, scheduler: 'bpf_red' })).toMatch(/“bpf_red”.*more than one tunnel/)
  })

  it('says when nothing comes of it', () => {
    expect(strategyInWords('adaptive', { ...FACTS, available: false })).toMatch(/^None: this kernel/)
    expect(strategyInWords('adaptive', { ...FACTS, pathManager: 'userspace' })).toMatch(/^None: another program/)
    expect(strategyInWords('adaptive', { ...FACTS, endpoints: [] })).toMatch(/^None yet/)
  })
})
