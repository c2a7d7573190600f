import { describe, expect, it } from 'vitest'
import { renderSparkline } from './sparkline.ts'

describe('a sparkline', () => {
  it('is scaled to the largest value shown', () => {
    expect(renderSparkline([0, 25, 50, 100], 4)).toBe('▁▃▅█')
    // The largest has left the picture.
    expect(renderSparkline([1000, 25, 50, 100], 3)).toBe('▃▅█')
  })

  it('shows nothing known as space, and nothing flowing as the lowest bar', () => {
    expect(renderSparkline([], 3)).toBe('   ')
    expect(renderSparkline([0, 0], 3)).toBe(' ▁▁')
  })
})
