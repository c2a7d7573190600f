import { ErrorCodes, ResponseError } from 'vscode-jsonrpc'
import { ErrorCode, ErrorData, MoleError } from './errors.ts'

/** JSON-RPC error number of every error of ours; our own code is in `data`. */
export const MOLE_ERROR = 1

/** A `MoleError` as it stands in `stream.end` and in the `data` of a JSON-RPC error. */
export type WireProblem = { readonly code: ErrorCode; readonly message: string; readonly data: ErrorData }

export const renderProblem = ({ code, message, data }: MoleError): WireProblem => ({ code, message, data })

/** Never throws: what cannot be understood is `internal`. */
export const parseProblem = (value: unknown): MoleError => {
  const { code, message, data } = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  return new MoleError(
    ErrorCode.safeParse(code).data ?? 'internal',
    typeof message === 'string' ? message : 'The other side failed and did not say why.',
    ErrorData.safeParse(data).data ?? {},
  )
}

export const renderResponseError = (error: MoleError): ResponseError<WireProblem> =>
  new ResponseError(MOLE_ERROR, error.message, renderProblem(error))

/** What a rejected request means to the caller. */
export const parseRejection = (error: unknown): MoleError => {
  if (error instanceof MoleError) return error
  if (!(error instanceof ResponseError)) return disconnected()
  if (error.code === MOLE_ERROR) return parseProblem({ message: error.message, ...error.data })
  if (error.code === ErrorCodes.MessageWriteError && error.message.includes('1 MiB'))
    return new MoleError('bad-input', 'The request is larger than 1 MiB.', { meaning: 'It was not sent.' })
  if (error.code === ErrorCodes.MessageWriteError || error.code === ErrorCodes.PendingResponseRejected)
    return disconnected()
  return parseProblem(null)
}

export const disconnected = (): MoleError =>
  new MoleError('disconnected', 'The connection was closed.', {
    meaning: 'Whether the request was carried out is not known.',
    nextStep: 'Connect again and look at the current state.',
  })

export const cancelled = (): MoleError => new MoleError('cancelled', 'The request was cancelled.')

export const internal = (): MoleError =>
  new MoleError('internal', 'Something unforeseen happened.', {
    meaning: 'This is a fault of Cloud Mole, not of your request.',
    nextStep: 'The log has the detail.',
  })
