import type { MeasureRequest } from '../../../contract/probe.ts'
import type { MeasureContext } from '../context.ts'

type PathRequest = Extract<MeasureRequest, { do: 'path' }>

export const measurePath = async (_request: PathRequest, _context: MeasureContext): Promise<void> => undefined
