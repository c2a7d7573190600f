import { z } from 'zod'
import { badInput, MoleError } from '../../contract/errors.ts'
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

const parseRequest = (line: string): MeasureRequest => {
  try {
    return MeasureRequest.parse(JSON.parse(line))
  } catch (error) {
    if (error instanceof z.ZodError) throw badInput(error, 'The request to measure')
    throw new MoleError('bad-input', 'The request to measure is not JSON.', { field: 'request' })
  }
}

/** Does what one line of JSON asks. What fails is told as a problem; it does not reject. */
export const measure = async (line: string, context: MeasureContext): Promise<void> => {
  let of: string = 'request'
  try {
    const request = parseRequest(line)
    of = request.do
    await dispatch(request, context)
  } catch (error) {
    // Who cancelled knows.
    if (!context.signal.aborted) context.emit({ kind: 'problem', of, problem: problemOf(error) })
  }
}
