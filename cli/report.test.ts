import { describe, expect, it } from 'vitest'
import { openReport } from './report.ts'
import { fakeWorld } from './testing/fake-world.ts'

describe('a failure that is told', () => {
  it('lets nothing that it quotes steer the terminal, and keeps its lines apart', () => {
    const lines: string[] = []
    const world = { ...fakeWorld(null), hasColour: false, stderr: (text: string) => void lines.push(text) }
    openReport(world, {}).failure({
      code: 'not-available',
      message: 'The bastion \u001b]0;b1\u0007 did not boot.',
      data: {
        meaning: 'Its console ends with: \u001b[2J\u009b31m\u001b]52;c;ZXZpbA==\u0007\u202e\nand a second line',
        nextStep: 'Try\ragain.',
      },
    })
    const told = lines.join('')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(told).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
    expect(told).toContain('ends with:')
    expect(told).toContain('\nand a second line\n  Next: Try again.\n')
  })
})
