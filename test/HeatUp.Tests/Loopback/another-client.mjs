import { readFileSync } from 'node:fs'
import { TelegramClient, MemoryStorage } from '@mtcute/node'
import { NodeCryptoProvider } from '@mtcute/node/utils.js'
import { addPublicKey } from '@mtcute/core/utils.js'

// Logs in by code, and reads a channel as another program than Heat Up does. Arguments: the server's public key, a phone
// number, a code, a channel. It says what it saw as one line of JSON.
const [key, phone, code, channel] = process.argv.slice(2)
// Progress is for people, and its line would be in the way of the answer.
const silent = () => {}
const crypto = new NodeCryptoProvider()
await crypto.initialize()
addPublicKey(crypto, readFileSync(key, 'utf8'))
const dc = { id: 2, ipAddress: '149.154.167.51', port: 443 }
const client = new TelegramClient({
  apiId: 7654321, apiHash: '0123456789abcdef0123456789abcdef', crypto, storage: new MemoryStorage(),
  defaultDcs: { main: dc, media: dc }, disableUpdates: true, testMode: false,
  initConnectionOptions: { deviceModel: 'Another client' }, logLevel: 2,
})
const self = await client.start({ phone: () => phone, code: () => code, codeSentCallback: silent })
const chat = await client.getChat(channel)
const posts = await client.getHistory(chat, { limit: 5 })
console.log(JSON.stringify({ name: self.firstName, title: chat.title, posts: posts.map(post => post.id), text: posts[0].text }))
await client.destroy()
process.exit(0)
