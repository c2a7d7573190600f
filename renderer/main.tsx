import './app/without-eval.ts'
import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './app/tokens.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/App.tsx'
import { keepConnected } from './app/keep-connected.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')

keepConnected()
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
