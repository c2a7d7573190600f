import { MeasureRequest } from '../../contract/probe.ts'
import { measureBandwidth } from './bandwidth/measure-bandwidth.ts'
import { type MeasureContext, problemOf } from './context.ts'
import { measureInterface } from './interface/measure-interface.ts'
import { measurePath } from './path/measure-path.ts'
import { measureRegions } from './regions.ts'

const dispatch = (request: MeasureRequest, context: MeasureContext): Promise<void> => {
  switch (request.do) {
    case 'interface':
      return measureInterface(request, context)
    case 'path':
      return measurePath(request, context)
    case 'regions':
      return measureRegions(request, context)
    case 'bandwidth':
      return measureBandwidth(request, context)
  }
}

/** Does what one line of JSON asks. What fails is told as a problem; it does not reject. */
export const measure = async (line: string, context: MeasureContext): Promise<void> => {
  try {
    const request = MeasureRequest.parse(JSON.parse(line))
    await dispatch(request, context).catch((error: unknown) => {
      // Who cancelled knows.
      if (!context.signal.aborted) context.emit({ kind: 'problem', of: request.do, problem: problemOf(error) })
    })
  } catch (error) {
    context.emit({ kind: 'problem', of: 'request', problem: problemOf(error) })
  }
}
