const tag = /<(\/?)([a-zA-Z]+)(?:\s+[\w:-]+="[^"<]*")*\s*(\/?)>/g;

/** The names of a document's elements; throws when they are not well nested, or a `<` begins something else. */
export function elementsOf(xml: string): string[] {
  const markup = xml.replace(/<!\[CDATA\[.*?\]\]>/gs, '');
  const open: string[] = [];
  const names: string[] = [];
  for (const [, closing, name, empty] of markup.matchAll(tag)) {
    if (closing === '/') {
      if (open.pop() !== name) throw new Error(`</${name}> closes another element`);
    } else {
      names.push(name);
      if (empty === '') open.push(name);
    }
  }
  if (open.length > 0) throw new Error(`<${open.join('>, <')}> left open`);
  if (markup.replace(tag, '').includes('<')) throw new Error('a tag that is none');
  return names;
}
