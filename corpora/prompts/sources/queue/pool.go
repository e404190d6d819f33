// Package queue runs jobs on a fixed number of workers.
package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// ErrClosed is returned by Submit after Close was called.
var ErrClosed = errors.New("queue: pool is closed")

// Job is a unit of work. It should stop when ctx is done.
type Job func(ctx context.Context) error

// Options configure a Pool. The zero value of each field means its default.
type Options struct {
	Workers    int
	Backlog    int
	MaxRetries int
	BaseDelay  time.Duration
	Logger     *slog.Logger
}

func (o *Options) setDefaults() {
	if o.Workers <= 0 {
		o.Workers = 4
	}
	if o.Backlog <= 0 {
		o.Backlog = 64
	}
	if o.BaseDelay <= 0 {
		o.BaseDelay = 100 * time.Millisecond
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
}

// Stats are counters since the pool was started.
type Stats struct {
	Done    int64
	Failed  int64
	Retried int64
}

// Pool runs jobs. Use New to create one.
type Pool struct {
	options Options
	jobs    chan Job
	quit    chan struct{}
	once    sync.Once
	wait    sync.WaitGroup

	done    atomic.Int64
	failed  atomic.Int64
	retried atomic.Int64
}

// New starts a pool whose workers stop when ctx is done or Close is called.
func New(ctx context.Context, options Options) *Pool {
	options.setDefaults()
	p := &Pool{
		options: options,
		jobs:    make(chan Job, options.Backlog),
		quit:    make(chan struct{}),
	}
	for i := 0; i < options.Workers; i++ {
		p.wait.Add(1)
		go p.work(ctx, i)
	}
	return p
}

// Submit adds a job, and blocks while the backlog is full.
func (p *Pool) Submit(ctx context.Context, job Job) error {
	select {
	case <-p.quit:
		return ErrClosed
	default:
	}
	select {
	case p.jobs <- job:
		return nil
	case <-p.quit:
		return ErrClosed
	case <-ctx.Done():
		return fmt.Errorf("submit: %w", ctx.Err())
	}
}

// Close stops the workers after their current job and waits for them.
func (p *Pool) Close() {
	p.once.Do(func() { close(p.quit) })
	p.wait.Wait()
}

// Stats returns a snapshot of the counters.
func (p *Pool) Stats() Stats {
	return Stats{Done: p.done.Load(), Failed: p.failed.Load(), Retried: p.retried.Load()}
}

func (p *Pool) work(ctx context.Context, number int) {
	defer p.wait.Done()
	log := p.options.Logger.With("worker", number)
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.quit:
			return
		case job := <-p.jobs:
			if err := p.run(ctx, job); err != nil {
				p.failed.Add(1)
				log.Error("job failed", "error", err)
			} else {
				p.done.Add(1)
			}
		}
	}
}

func (p *Pool) run(ctx context.Context, job Job) (err error) {
	delay := p.options.BaseDelay
	for attempt := 0; attempt <= p.options.MaxRetries; attempt++ {
		if attempt > 0 {
			p.retried.Add(1)
			select {
			case <-time.After(delay):
				delay *= 2
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if err = p.protect(ctx, job); err == nil {
			return nil
		}
	}
	return fmt.Errorf("gave up after %d attempts: %w", p.options.MaxRetries+1, err)
}

// protect turns a panic of the job into an error.
func (p *Pool) protect(ctx context.Context, job Job) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return job(ctx)
}
