import type { Bottleneck } from '../../../domain/probe/analysis.ts'

export const CONFIDENCE: Readonly<Record<Bottleneck['confidence'], string>> = {
  high: 'sure',
  medium: 'likely',
  low: 'a guess',
}

export const directionWord = (direction: Bottleneck['direction']): string =>
  direction === 'upload' ? 'Upload' : 'Download'
