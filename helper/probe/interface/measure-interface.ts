import type { MeasureRequest } from '../../../contract/probe.ts'
import type { MeasureContext } from '../context.ts'

type InterfaceRequest = Extract<MeasureRequest, { do: 'interface' }>

export const measureInterface = async (_request: InterfaceRequest, _context: MeasureContext): Promise<void> => undefined
