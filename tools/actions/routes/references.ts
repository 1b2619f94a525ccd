import type { Block } from '@platform/libs/testing/synthesised-stack';
import type { EstateJson } from './estate-json';
import { parseExpression, UnreadableExpression, type Expression } from '@platform/tools/model/expression';

/** Where a resource is written, for a person who has to change it. */
export interface Place {
  readonly stack: string;
  /** Project folder. */
  readonly project: string;
  /** File of the stack's code: `shared/tgw/link-stack.ts`. */
  readonly source: string;
  /** Construct path below the stack, the way through the code that made it: `ProdTable/PropagationVpc`. */
  readonly path: string;
}

/** A resource of the estate. Its id is unique among all stacks and stands for the id that AWS will give it. */
export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly block: Block;
  readonly place: Place;
}

/** Acceptances are another resource's id under a second address. */
const aliases: Readonly<Record<string, string>> = {
  aws_ec2_transit_gateway_vpc_attachment_accepter: 'transit_gateway_attachment_id',
  aws_ec2_transit_gateway_peering_attachment_accepter: 'transit_gateway_attachment_id',
};

/** Follows references inside stacks, and between them through their outputs, as Terraform would after everything is applied. */
export class References {
  private readonly resourcesById = new Map<string, Resource>();
  private readonly read = new Map<string, unknown>();

  constructor(private readonly estate: EstateJson) {
    for (const { stack, project, source, json } of estate.values()) {
      for (const [type, blocks] of Object.entries(json.resource ?? {})) {
        for (const [name, block] of Object.entries(blocks)) {
          const path = String(block['//']?.metadata?.path ?? `${stack}/${type}.${name}`);
          const place = { stack, project, source, path: path.slice(path.indexOf('/') + 1) };
          const id = `${stack}/${type}.${name}`;
          this.resourcesById.set(id, { id, type, block, place });
        }
      }
    }
  }

  /** All resources of a type in all stacks. */
  ofType(type: string): Resource[] {
    return [...this.resourcesById.values()].filter((resource) => resource.type === type);
  }

  /** Every resource of every stack. */
  all(): IterableIterator<Resource> {
    return this.resourcesById.values();
  }

  resource(id: string): Resource | undefined {
    return this.resourcesById.get(id);
  }

  /** One value such as an id; undefined when the argument is absent. @throws UnreadableExpression */
  text(resource: Resource, argument: string): string | undefined {
    const value = this.follow(resource.block[argument], resource.place.stack);
    return value === undefined || value === null ? undefined : String(value);
  }

  /** A list of values; empty when the argument is absent. @throws UnreadableExpression */
  list(resource: Resource, argument: string): string[] {
    const value = this.follow(resource.block[argument], resource.place.stack);
    return value === undefined || value === null ? [] : [value].flat(3).map(String);
  }

  /** A value with everything in it followed. */
  follow(value: unknown, stack: string): unknown {
    if (Array.isArray(value)) return value.map((item) => this.follow(item, stack));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.follow(item, stack)]));
    }
    if (typeof value !== 'string' || !value.includes('${')) return value;
    const key = `${stack}\n${value}`;
    if (this.read.has(key)) return this.read.get(key);
    // What is being followed and comes up again would never end.
    this.read.set(key, undefined);
    const followed = this.template(value, stack);
    this.read.set(key, followed);
    return followed;
  }

  private template(text: string, stack: string): unknown {
    const whole = /^\$\{((?:[^{}"]|"[^"]*")*)\}$/.exec(text);
    if (whole) return this.evaluate(parseExpression(whole[1]!), stack);
    return text.replace(/\$\{([^{}]*)\}/g, (_, inner: string) => String(this.evaluate(parseExpression(inner), stack)));
  }

  private evaluate(expression: Expression, stack: string): unknown {
    switch (expression.kind) {
      case 'literal':
        return expression.value;
      case 'list':
        return expression.items.map((item) => this.evaluate(item, stack));
      case 'index':
        return indexed(this.evaluate(expression.of, stack), this.evaluate(expression.by, stack));
      case 'call':
        return call(
          expression.name,
          expression.arguments.map((argument) => this.evaluate(argument, stack)),
        );
      case 'reference':
        return this.refer(expression.path, stack);
    }
  }

  /** The one look-up whose answer the stacks know themselves: the attachment that an association with a hub makes. */
  private lookedUp(type: string, name: string, attribute: string | undefined, stack: string): string | undefined {
    if (type !== 'aws_ec2_transit_gateway_dx_gateway_attachment' || attribute !== 'id') return undefined;
    const asked = this.estate.get(stack)?.json.data?.[type]?.[name];
    const hub = this.follow(asked?.['transit_gateway_id'], stack);
    return this.ofType('aws_dx_gateway_association').find(
      (association) => this.text(association, 'associated_gateway_id') === hub,
    )?.id;
  }

  private refer(path: readonly string[], stack: string): unknown {
    const [first, type, name, ...rest] = path;
    if (first === 'data' && type === 'terraform_remote_state') {
      const [, output, ...keys] = rest;
      const producer = this.estate.get(name!);
      const published = output === undefined ? undefined : producer?.json.output?.[output];
      if (!published) throw new UnreadableExpression(`${path.join('.')}: no stack "${name}" has such an output`);
      return keys.reduce(indexed, this.follow(published['value'], name!));
    }
    if (first === 'data') return this.lookedUp(type!, name!, rest[0], stack) ?? `${stack}/${path.join('.')}`;
    const resource = this.resourcesById.get(`${stack}/${first}.${type}`);
    if (!resource) throw new UnreadableExpression(`${path.join('.')}: there is no such resource in ${stack}`);
    const alias = aliases[first!];
    if (alias && name === 'id') return this.text(resource, alias);
    const attribute = name === undefined || name === 'id' ? undefined : resource.block[name];
    if (attribute !== undefined) return rest.reduce(indexed, this.follow(attribute, stack));
    // Attributes that only AWS knows: the ids among them are what routes carry, and stand for the resource.
    const isId = name === undefined || name === 'arn' || (/(^|_)id$/.test(name) && !/^(default|main)_/.test(name));
    return isId ? resource.id : `${resource.id}.${name}`;
  }
}

function indexed(value: unknown, key: unknown): unknown {
  if (Array.isArray(value)) return value[Number(key)];
  if (typeof value === 'object' && value !== null) return (value as Record<string, unknown>)[String(key)];
  throw new UnreadableExpression(`"${String(value)}" has no part "${String(key)}"`);
}

function call(name: string, given: readonly unknown[]): unknown {
  const [first, second] = given;
  switch (name) {
    case 'element': {
      if (!Array.isArray(first) || first.length === 0)
        throw new UnreadableExpression('"element(…)" has no list to choose from');
      return first[Number(second) % first.length] as unknown;
    }
    case 'lookup':
      return indexed(first, second);
    case 'concat':
    case 'flatten':
    case 'distinct':
    case 'setunion':
      return [...new Set(given.flat(4))];
    case 'tolist':
    case 'toset':
    case 'tostring':
    case 'tomap':
    case 'nonsensitive':
    case 'sensitive':
      return first;
    case 'values':
      return Object.values(first as object);
    case 'keys':
      return Object.keys(first as object);
    case 'merge':
      return Object.assign({}, ...given) as unknown;
    case 'one':
      return (first as unknown[])[0];
    case 'try':
    case 'coalesce':
      return given.find((value) => value !== undefined && value !== null && value !== '');
    default:
      throw new UnreadableExpression(`"${name}(…)" is a function that the route check does not know`);
  }
}
