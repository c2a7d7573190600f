import type { MeasureRequest } from '../../contract/probe.ts'
import type { MeasureContext } from './context.ts'

type RegionsRequest = Extract<MeasureRequest, { do: 'regions' }>

export const measureRegions = async (_request: RegionsRequest, _context: MeasureContext): Promise<void> => undefined
