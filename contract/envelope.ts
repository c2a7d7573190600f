type Fields = Readonly<Record<string, unknown>>

const isId = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number'

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

/**
 * Whether `message` is a JSON-RPC 2.0 request, notification or response. vscode-jsonrpc believes its peer — a cancel
 * notice without an id throws inside its reader — so that what is not one never reaches it.
 * Own properties only: every look-up that follows is one of an object made by `JSON.parse`.
 */
export const isJsonRpc = (message: object): boolean => {
  const fields = message as Fields
  if (!Object.hasOwn(fields, 'jsonrpc') || fields.jsonrpc !== '2.0') return false
  if (Object.hasOwn(fields, 'method')) return isRequestOrNotification(fields)
  return (Object.hasOwn(fields, 'result') || isFields(fields.error)) && (fields.id === null || isId(fields.id))
}

const isRequestOrNotification = (fields: Fields): boolean => {
  if (typeof fields.method !== 'string') return false
  if (Object.hasOwn(fields, 'id')) return isId(fields.id)
  return fields.method !== '$/cancelRequest' || (isFields(fields.params) && isId(fields.params.id))
}
