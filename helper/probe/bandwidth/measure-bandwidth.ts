import type { MeasureRequest } from '../../../contract/probe.ts'
import type { MeasureContext } from '../context.ts'

export type BandwidthRequest = Extract<MeasureRequest, { do: 'bandwidth' }>

export const measureBandwidth = async (_request: BandwidthRequest, _context: MeasureContext): Promise<void> => undefined
