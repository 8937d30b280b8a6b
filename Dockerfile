# The build needs nothing but Rust and a C compiler.
FROM rust:1.95-bookworm AS build
WORKDIR /source
COPY . .
RUN cargo build --release --locked --workspace --bin godwit \
 && strip -o /usr/local/bin/godwit target/release/godwit

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates curl \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --create-home godwit \
 && install --directory --owner=godwit /data
COPY --from=build /usr/local/bin/godwit /usr/local/bin/godwit
USER godwit
WORKDIR /data
VOLUME /data
EXPOSE 50051 8080
# Listening beyond loopback needs authentication, or the server refuses to start: mount a file with
# [auth] tokens or users and name it in GODWIT_CONFIG.
ENV GODWIT_STORAGE__DATA_DIR=/data/godwit-data
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD ["curl", "--fail", "--silent", "http://127.0.0.1:8080/livez"]
ENTRYPOINT ["godwit"]
CMD ["serve", "--flight-addr", "0.0.0.0:50051", "--http-addr", "0.0.0.0:8080"]
