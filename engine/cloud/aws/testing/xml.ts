/**
 * Just enough XML for what AWS's Query APIs answer: elements and text, no mixed content. Text and attributes stay as
 * they were written, so that what is not touched goes through unchanged.
 */
export type XmlNode = { readonly name: string; readonly attributes: string; children: XmlNode[]; text: string }

const TOKEN = /<\?[^>]*\?>|<(\/?)([\w:.-]+)((?:\s[^>]*?)?)(\/?)>|([^<]+)/g

const nodeOf = (name: string, attributes: string): XmlNode => ({ name, attributes, children: [], text: '' })

/** The root element of a document. @throws Error when there is none. */
export const parseXml = (document: string): XmlNode => {
  const top = nodeOf('', '')
  const open = [top]
  for (const [, closing, name, attributes = '', empty, text] of document.matchAll(TOKEN)) {
    const parent = open.at(-1) ?? top
    if (text !== undefined) parent.text += text
    else if (closing === '/') open.pop()
    else if (name !== undefined) {
      const node = nodeOf(name, attributes)
      parent.children.push(node)
      if (empty !== '/') open.push(node)
    }
  }
  const root = top.children[0]
  if (root === undefined) throw new Error(`This is not XML: ${document.slice(0, 200)}`)
  return root
}

const renderNode = ({ name, attributes, children, text }: XmlNode): string =>
  `<${name}${attributes}>${children.length > 0 ? children.map(renderNode).join('') : text}</${name}>`

export const renderXml = (root: XmlNode): string => `<?xml version="1.0" encoding="UTF-8"?>${renderNode(root)}`

export const xmlText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** An element with text, or with elements. */
export const xmlNode = (name: string, content: string | XmlNode[]): XmlNode =>
  typeof content === 'string'
    ? { ...nodeOf(name, ''), text: xmlText(content) }
    : { ...nodeOf(name, ''), children: content }

export const childOf = (node: XmlNode, name: string): XmlNode | undefined =>
  node.children.find((child) => child.name === name)

/** Text of a child element, without the white space around it. */
export const textOf = (node: XmlNode, name: string): string | undefined => childOf(node, name)?.text.trim()

/** The node itself and all below it, outer ones first. */
export const allNodes = (node: XmlNode): XmlNode[] => [node, ...node.children.flatMap(allNodes)]
