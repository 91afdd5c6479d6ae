.PHONY: run watch test bench soak bundle fmt clean help

# ARGS goes through: make test ARGS='-only go,journeys -keep-going'
run watch test bench soak bundle fmt clean help:
	@go run ./cmd/dev $@ $(ARGS)
