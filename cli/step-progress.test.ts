import { describe, expect, it } from 'vitest'
import { openStepProgress } from './step-progress.ts'
import { act, step } from './testing/fake-engine.ts'

const recorder = (canRedraw: boolean) => {
  const written: string[] = []
  const world = { canRedraw, hasColour: false, stderr: (text: string) => void written.push(text) }
  return { world, text: () => written.join('') }
}

describe('step progress', () => {
  it('tells each step once, as it ends', () => {
    const { world, text } = recorder(false)
    const progress = openStepProgress(world, false)
    progress.show(act('deploy', 'running', [step('prepare-host', 'running'), step('make-keys', 'pending')]))
    progress.show(act('deploy', 'running', [step('prepare-host', 'done'), step('make-keys', 'running')]))
    progress.show(act('deploy', 'done', [step('prepare-host', 'done'), step('make-keys', 'done')]))
    progress.end()
    expect(text()).toBe('  ✓ Do prepare-host 0.42 s\n  ✓ Do make-keys 0.42 s\n')
  })

  it('draws the running step over on a terminal, and leaves no half line', () => {
    const { world, text } = recorder(true)
    const progress = openStepProgress(world, false)
    progress.show(act('deploy', 'running', [step('prepare-host', 'running')]))
    progress.show(act('deploy', 'done', [step('prepare-host', 'done')]))
    progress.end()
    expect(text()).toBe('  … Do prepare-host\r\u001b[2K  ✓ Do prepare-host 0.42 s\n')
  })

  it("shows the end of a failed step's log, with no control characters of its own", () => {
    const { world, text } = recorder(false)
    const log = ['1', '2', '3', '4', '5', '6', 'bad \u001b[31mred']
    openStepProgress(world, false).show(act('deploy', 'failed', [step('verify', 'failed', { log })]))
    expect(text()).toContain('✗ Do verify')
    expect(text()).toContain('bad  [31mred')
    expect(text()).not.toContain('\u001b')
    expect(text()).not.toContain('      2\n')
  })

  it('is silent when asked to be', () => {
    const { world, text } = recorder(true)
    openStepProgress(world, true).show(act('deploy', 'done', [step('verify', 'done')]))
    expect(text()).toBe('')
  })
})
