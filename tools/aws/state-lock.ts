import { printable, shellWord } from '@platform/tools/workspace/shell-word';
import type { StateLocation } from '@platform/tools/model/configuration';
import { clientOptions } from './client-options';
import type { LiveTarget } from './live-target';

/** The lock of a state that is held. Others write it: `who`, `since` and `operation` are made printable here. */
export interface HeldLock {
  /** As it is: print it by `printable`, and in a command by `shellWord`. */
  readonly id: string;
  /** `user@machine` */
  readonly who: string;
  readonly since: string;
  /** `OperationTypeApply` */
  readonly operation: string;
  /** What the holder adds, as it is, not printable; Terraform adds nothing. */
  readonly info: string;
}

/** What a lock says of its holder. */
export interface LockRequest {
  readonly id: string;
  readonly operation: string;
  readonly who: string;
  readonly info: string;
  /** Terraform's version. */
  readonly version: string;
}

/** An object or item that is in the place of a lock and that Terraform cannot read: it counts as a lock and has no id. */
export class UnreadableLock extends Error {
  override readonly name = 'UnreadableLock';
  readonly exitCode = 1;

  constructor(where: string, remove: string) {
    super(
      `${where}: it is not a lock of Terraform, and it keeps the state locked; make sure that no run works with the state, then delete it: ${remove}`,
    );
  }
}

/** Attempts to write a lock file while S3 answers that other writes to it are under way (409). */
const ATTEMPTS = 3;

/**
 * The lock of one state, as Terraform's S3 backend keeps it (1.11, `RemoteClient.Lock` and `Unlock`): the object
 * `<key>.tflock`, written only where there is none, and with a lock table also the item `<bucket>/<key>`. Terraform and
 * these tools exclude each other by it.
 */
export class StateLock {
  constructor(
    private readonly target: Pick<LiveTarget, 's3'>,
    private readonly location: StateLocation,
    /** DynamoDB table. Default: the state is locked by the object only. */
    private readonly table?: string,
  ) {}

  /**
   * Who holds the lock: by the object, else by the item.
   * @throws UnreadableLock
   */
  async holder(): Promise<HeldLock | undefined> {
    return (await this.readFile())?.lock ?? (await this.readItem());
  }

  /**
   * Takes the lock. May be repeated with the same id where an answer was lost.
   * @returns the lock of another that is in the way; nothing when it is taken
   * @throws UnreadableLock
   */
  async take(request: LockRequest): Promise<HeldLock | undefined> {
    const inTheWay = await this.writeFile(request);
    if (inTheWay) return inTheWay;
    const holder = await this.writeItem(request);
    if (holder) await this.release(request.id);
    return holder;
  }

  /**
   * Releases the lock with this id, and no other: object and item are deleted only while they are what was read.
   * @returns whether there was a lock with this id
   */
  async release(id: string): Promise<boolean> {
    const file = await this.readFile();
    const ofFile = file?.lock.id === id && (await this.deleteFile(file.etag));
    const ofItem = (await this.readItem())?.id === id && (await this.deleteItem(id));
    return ofFile || ofItem;
  }

  private get file() {
    return { Bucket: this.location.bucket, Key: `${this.location.key}.tflock` };
  }

  /** Key of the item. */
  private get LockID() {
    return { S: `${this.location.bucket}/${this.location.key}` };
  }

  private async readFile(): Promise<{ lock: HeldLock; etag: string } | undefined> {
    const { GetObjectCommand } = await import('@aws-sdk/client-s3');
    const client = await this.target.s3(this.location.region);
    try {
      const { Body, ETag } = await client.send(new GetObjectCommand(this.file));
      const lock = parseLock(await Body!.transformToString());
      const url = `s3://${this.file.Bucket}/${this.file.Key}`;
      if (!lock) throw new UnreadableLock(url, `aws s3 rm ${shellWord(url)}`);
      return { lock, etag: ETag! };
    } catch (error) {
      if (['NoSuchKey', 'NoSuchBucket'].includes((error as Error).name)) return undefined;
      throw error;
    }
  }

  private async writeFile(request: LockRequest): Promise<HeldLock | undefined> {
    const { PutObjectCommand } = await import('@aws-sdk/client-s3');
    const client = await this.target.s3(this.location.region);
    for (let attempt = 1; ; attempt++) {
      try {
        const Body = this.bodyOf(request);
        await client.send(
          new PutObjectCommand({ ...this.file, Body, ContentType: 'application/json', IfNoneMatch: '*' }),
        );
        return undefined;
      } catch (error) {
        // 412: there is one. 409: another write to it is under way (S3 user guide, conditional writes).
        if (![409, 412].includes(statusOf(error))) throw error;
        const held = (await this.readFile())?.lock;
        if (held) return held.id === request.id ? undefined : held;
        if (attempt === ATTEMPTS) throw error;
      }
    }
  }

  /** Only while the object is what was read: S3 user guide, conditional deletes. */
  private async deleteFile(etag: string): Promise<boolean> {
    const { DeleteObjectCommand } = await import('@aws-sdk/client-s3');
    const client = await this.target.s3(this.location.region);
    try {
      await client.send(new DeleteObjectCommand({ ...this.file, IfMatch: etag }));
      return true;
    } catch (error) {
      if ([404, 409, 412].includes(statusOf(error))) return false;
      throw error;
    }
  }

  private async readItem(): Promise<HeldLock | undefined> {
    if (!this.table) return undefined;
    const { GetItemCommand } = await import('@aws-sdk/client-dynamodb');
    const client = await this.tables();
    const query = { TableName: this.table, Key: { LockID: this.LockID }, ConsistentRead: true };
    const { Item } = await client.send(new GetItemCommand(query)).catch((error: Error) => {
      // The table is made with the first bucket: before, nothing is locked by it.
      if (error.name === 'ResourceNotFoundException') return { Item: undefined };
      throw error;
    });
    if (!Item) return undefined;
    const lock = parseLock(Item['Info']?.S ?? '');
    if (lock) return lock;
    const key = shellWord(JSON.stringify({ LockID: this.LockID }));
    throw new UnreadableLock(
      `table ${this.table}, item ${this.LockID.S}`,
      `aws dynamodb delete-item --region ${this.location.region} --table-name ${this.table} --key ${key}`,
    );
  }

  private async writeItem(request: LockRequest): Promise<HeldLock | undefined> {
    if (!this.table) return undefined;
    const { PutItemCommand } = await import('@aws-sdk/client-dynamodb');
    try {
      await (
        await this.tables()
      ).send(
        new PutItemCommand({
          TableName: this.table,
          Item: { LockID: this.LockID, Info: { S: this.bodyOf(request) } },
          ConditionExpression: 'attribute_not_exists(LockID)',
        }),
      );
      return undefined;
    } catch (error) {
      if ((error as Error).name !== 'ConditionalCheckFailedException') throw error;
      const held = await this.readItem();
      return held?.id === request.id ? undefined : (held ?? this.writeItem(request));
    }
  }

  private async deleteItem(id: string): Promise<boolean> {
    const { DeleteItemCommand } = await import('@aws-sdk/client-dynamodb');
    try {
      await (
        await this.tables()
      ).send(
        new DeleteItemCommand({
          TableName: this.table!,
          Key: { LockID: this.LockID },
          ConditionExpression: 'contains(Info, :id)',
          ExpressionAttributeValues: { ':id': { S: id } },
        }),
      );
      return true;
    } catch (error) {
      if ((error as Error).name === 'ConditionalCheckFailedException') return false;
      throw error;
    }
  }

  private async tables() {
    const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
    return new DynamoDBClient(await clientOptions(this.target, this.location.region));
  }

  /** Terraform's `statemgr.LockInfo`. */
  private bodyOf({ id, operation, who, info, version }: LockRequest): string {
    return JSON.stringify({
      ID: id,
      Operation: operation,
      Info: info,
      Who: who,
      Version: version,
      Created: new Date().toISOString(),
      Path: this.LockID.S,
    });
  }
}

function parseLock(content: string): HeldLock | undefined {
  let lock: unknown;
  try {
    lock = JSON.parse(content);
  } catch {
    return undefined;
  }
  if (lock === null || typeof lock !== 'object') return undefined;
  const text = (name: string) => {
    const value = (lock as Readonly<Record<string, unknown>>)[name];
    return typeof value === 'string' ? value : '';
  };
  const field = (name: string, otherwise: string) => printable(text(name)) || otherwise;
  return {
    id: text('ID'),
    who: field('Who', 'an unknown user'),
    since: field('Created', 'an unknown time'),
    operation: field('Operation', 'unknown operation'),
    info: text('Info'),
  };
}

const statusOf = (error: unknown) =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;
