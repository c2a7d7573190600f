import { expect, it } from 'vitest'
import { renderSpanBand } from './span-band.ts'

it.each([
  [6900, 7500, '2.0 – 2.1 h'],
  [7500, 7500, '2.1 h'],
  [45, 7500, '45 s – 2.1 h'],
  [86_400, 200_000, '24.0 h – 2.4 d'],
  [200_000, 400_000, '2.4 – 4.7 d'],
])('%d to %d seconds is %s', (earliest, latest, text) => expect(renderSpanBand(earliest, latest)).toBe(text))
