import { Button, CopyButton } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'

/** Puts a text into the clipboard, and says so for a moment. */
export const CopyTextButton = ({ text, label }: { readonly text: string; readonly label: string }) => (
  <CopyButton value={text} timeout={1500}>
    {({ copied, copy }) => (
      <Button
        size="xs"
        variant="default"
        leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
        onClick={copy}
      >
        {copied ? 'Copied' : label}
      </Button>
    )}
  </CopyButton>
)
