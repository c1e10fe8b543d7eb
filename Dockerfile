# briefqa in a container: not root, no network, articles read-only, the index in a volume.
#
#   docker build -t briefqa .
#   run="docker run --rm --network none --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges"
#   $run -v "$PWD/corpus:/data/corpus:ro" -v briefqa-index:/data/index briefqa index
#   $run -v "$PWD/corpus:/data/corpus:ro" -v briefqa-index:/data/index briefqa ask "Who leads the CSTO?"

FROM python:3.11-slim-bookworm AS build
# The address of PyTorch's index of builds for processors: those for graphics cards, which pip chooses without it, take
# ten times the room.
ARG TORCH_INDEX=""
# For example [web,mcp].
ARG EXTRAS=""
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
COPY constraints.txt ./
RUN python -m venv /opt/briefqa \
    && /opt/briefqa/bin/pip install -c constraints.txt ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} torch
COPY pyproject.toml README.md LICENSE ./
COPY docs/briefqa.1 docs/
COPY src src
RUN /opt/briefqa/bin/pip install -c constraints.txt ".${EXTRAS}" \
    && /opt/briefqa/bin/pip uninstall --yes pip

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --create-home briefqa \
    && install --directory --owner briefqa /data/index \
    && install --directory /data/corpus
COPY --from=build /opt/briefqa /opt/briefqa
ENV PATH=/opt/briefqa/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    HF_HUB_OFFLINE=1 \
    BRIEFQA_HISTORY=none
WORKDIR /data
VOLUME /data/index
USER 10001
ENTRYPOINT ["briefqa"]
CMD ["--help"]
