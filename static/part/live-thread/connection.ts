// The socket of one thread, so that a page misses nothing and sees nothing twice. docs/live-protocol.md is the reference.

/** How far a page has got in a thread's log. */
export interface Position {
  seq: number;
  epoch: string;
}

/** One event of a thread, with its fragment of the page. */
export interface ThreadEvent {
  seq: number;
  kind: string;
  html?: string;
  data?: { answer?: string };
}

/** What a connection tells its page. */
export interface Page {
  live(up: boolean): void;
  event(event: ThreadEvent): void;
  typing(): void;
  /** Brings the page up to date without the socket and says where it stands then; null when that failed. */
  refresh(): Promise<Position | null>;
  /** The reader may not go on: the session or the thread has ended. */
  ended(): void;
}

type Frame = { type: string; thread?: string; epoch?: string; code?: string; retry_ms?: number } & ThreadEvent;

const SILENCE = 40_000; // the server says something every 25 s
const SLEPT = 30_000; // after so long a silence, a page that wakes up does not trust its socket
const MIN_WAIT = 500;
const MAX_WAIT = 30_000;
const MAX_RESETS = 3;
const BLOCKED = 3; // failures in a row after which news are fetched without the socket
const ECHO = 5_000; // an own message that was accepted is due within this
const SESSION_ENDED = 4004;

export class Connection {
  live = false;
  private socket: WebSocket | null = null;
  private joining = false;
  private resetting = false;
  private stopped = false;
  private failures = 0;
  private resets = 0;
  private heard = 0;
  private retryIn: number | undefined;
  private retry = 0;
  private watchdog = 0;

  constructor(
    private readonly url: string,
    private readonly thread: string,
    private at: Position,
    private readonly page: Page,
    private readonly key?: string,
  ) {}

  open(): void {
    if (this.stopped || this.socket) return;
    clearTimeout(this.retry);
    const socket = new WebSocket(this.url, "yousaid.v1");
    this.socket = socket;
    socket.onopen = () => this.join();
    socket.onmessage = ({ data }) => {
      this.watch();
      this.read(JSON.parse(data) as Frame);
    };
    socket.onclose = ({ code }) => this.lost(code);
    this.watch();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.retry);
    this.drop();
  }

  /** Called when the device may have slept or changed networks: reconnects at once instead of after a pause. */
  wake = (): void => {
    if (document.hidden) return;
    if (this.socket && Date.now() - this.heard > SLEPT) this.drop();
    this.open();
  };

  /** Asks again for what comes after the last event. It fills any gap. */
  join(): void {
    if (this.resetting) return;
    this.joining = true;
    this.send({
      type: "join",
      thread: this.thread,
      since: this.at.seq,
      epoch: this.at.epoch,
      render: "html",
      key: this.key,
    });
  }

  typing(): void {
    if (this.live) this.send({ type: "typing", thread: this.thread });
  }

  /** Sees to it that a message that was just accepted appears, even if the socket has died unnoticed. */
  expect(): void {
    const { seq } = this.at;
    if (!this.live) void this.refresh();
    else
      setTimeout(() => {
        if (this.at.seq === seq) this.join();
      }, ECHO);
  }

  private send(request: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(request));
  }

  private read(frame: Frame): void {
    if (frame.type === "retry") this.retryIn = frame.retry_ms;
    if (frame.thread !== this.thread) return;
    if (frame.type === "joined") this.joined(frame);
    else if (frame.type === "event") this.take(frame);
    else if (frame.type === "reset") void this.reset();
    else if (frame.type === "typing") this.page.typing();
    else if (frame.type === "error" && frame.code === "not_found") this.end();
    else if (frame.type === "error") setTimeout(() => this.join(), this.wait());
  }

  private joined({ epoch }: Frame): void {
    this.at.epoch = epoch ?? this.at.epoch;
    this.joining = false;
    this.failures = this.resets = 0;
    this.live = true;
    this.page.live(true);
  }

  private take(event: ThreadEvent): void {
    if (this.joining || event.seq <= this.at.seq) return;
    if (event.seq > this.at.seq + 1) {
      this.join();
      return;
    }
    this.at.seq = event.seq;
    this.page.event(event);
  }

  private async reset(): Promise<void> {
    if (this.resetting) return;
    if (++this.resets > MAX_RESETS) {
      this.end();
      return;
    }
    this.resetting = true;
    const fresh = await this.refresh();
    this.resetting = false;
    if (fresh) this.join();
    else setTimeout(() => this.join(), this.wait());
  }

  private async refresh(): Promise<boolean> {
    const fresh = await this.page.refresh();
    if (fresh) this.at = fresh;
    return fresh !== null;
  }

  private end(): void {
    this.stop();
    this.page.ended();
  }

  /** Lets go of the socket without waiting for an answer: on a dead line none would come. */
  private drop(): void {
    clearTimeout(this.watchdog);
    if (this.socket) {
      this.socket.onopen = this.socket.onmessage = this.socket.onclose = null;
      this.socket.close();
    }
    this.socket = null;
    this.live = this.joining = false;
  }

  private lost(code: number): void {
    this.drop();
    if (code === SESSION_ENDED) {
      this.end();
      return;
    }
    this.page.live(false);
    if (this.failures >= BLOCKED) void this.refresh();
    this.retry = window.setTimeout(() => this.open(), this.retryIn ?? this.wait());
    this.retryIn = undefined;
  }

  private watch(): void {
    this.heard = Date.now();
    clearTimeout(this.watchdog);
    this.watchdog = window.setTimeout(() => this.lost(0), SILENCE);
  }

  /** A pause with full jitter, so that thousands of pages do not come back as one. */
  private wait(): number {
    const most = Math.min(MAX_WAIT, 1000 * 2 ** this.failures++);
    return MIN_WAIT + Math.random() * (most - MIN_WAIT);
  }
}
