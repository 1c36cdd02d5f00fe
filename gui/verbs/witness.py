"""The verb `witness`: be a witness for other ledgers, ask one, and say how many are enough."""

from __future__ import annotations

import argparse
from typing import Any

from gui.verbs.outcome import Outcome, Session


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add this group's verbs to the command line."""
    witness = verbs.add_parser("witness", parents=[common], help="witness other ledgers, or ask a witness")
    acts = witness.add_subparsers(dest="act", metavar="ACT", required=True, parser_class=type(witness))
    show = acts.add_parser("show", parents=[common], help="our key, the ledgers we witness, forks we saw")
    show.set_defaults(run=show_verb)
    serve = acts.add_parser("serve", parents=[common], help="answer add-checkpoint requests over HTTP")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8765)
    serve.add_argument("--log-key", action="append", default=[], metavar="KEY", help="witness this ledger")
    serve.add_argument("--requests", type=int, default=None, metavar="N", help="stop after so many")
    serve.set_defaults(run=serve_verb)
    push = acts.add_parser("push", parents=[common], help="ask a witness to cosign our newest checkpoint")
    push.add_argument("url")
    push.add_argument("--witness", default=None, metavar="KEY", help="its verifier key, once")
    push.set_defaults(run=push_verb)
    trust = acts.add_parser("trust", parents=[common], help="count a witness's cosignatures from now on")
    trust.add_argument("key", metavar="KEY")
    trust.set_defaults(run=trust_verb)
    watch = acts.add_parser("watch", parents=[common], help="begin to witness another ledger")
    watch.add_argument("key", metavar="LOG-KEY")
    watch.set_defaults(run=watch_verb)
    quorum = acts.add_parser("quorum", parents=[common], help="how many witnesses are enough")
    quorum.add_argument("number", type=int, nargs="?", default=None)
    quorum.set_defaults(run=quorum_verb)


def show_verb(session: Session, options: argparse.Namespace) -> Outcome:  # noqa: ARG001
    """Show this installation as a witness, with the evidence it holds against anybody."""
    witnessing = session.witnessing()
    logs, evidence = witnessing.logs(), witnessing.evidence()
    document = {
        "witness_key": witnessing.key,
        "logs": [{"origin": origin, "size": size} for origin, size in logs],
        "evidence": [
            {"origin": origin, "proven": fork.proven, "kept": fork.kept, "offered": fork.offered}
            for origin, fork in evidence
        ],
        "trusted": list(witnessing.trusted()),
        "quorum": witnessing.quorum(),
    }
    words = session.words
    lines = [words("terminal.witness.key", witness=witnessing.key)]
    lines += [words("terminal.witness.log", origin=origin, n=str(size)) for origin, size in logs]
    lines += [
        words(f"terminal.witness.{'fork' if fork.proven else 'doubt'}", origin=origin)
        for origin, fork in evidence
    ]
    return Outcome(document, tuple(lines))


def serve_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Answer requests until it is stopped (Ctrl+C), or until so many were answered."""
    witnessing = session.witnessing()
    for key in options.log_key:
        witnessing.trust(key)
    answered = 0
    with witnessing.server(options.host, options.port) as server:
        host, port = server.server_address[:2]
        url = f"http://{host!s}:{port}"
        session.say(session.words("terminal.witness.serving", url=url, witness=witnessing.key))
        try:
            while options.requests is None or answered < options.requests:
                server.handle_request()
                answered += 1
        except KeyboardInterrupt:
            pass  # the way to stop it
    document = {"url": url, "witness_key": witnessing.key, "answered": answered}
    return Outcome(document, (session.words("terminal.witness.served", n=str(answered)),))


def push_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Send our newest checkpoint with its proof and keep the cosignature that comes back."""
    workspace = session.open()
    workspace.ask_witness(options.url, witness=options.witness)
    head = workspace.log.checkpoint()
    document = {
        "origin": head.origin,
        "size": head.size,
        "root": head.root,
        "cosignatures": list(head.cosignatures),
        "witnessed_to": workspace.log.witnessed_to(),
    }
    return Outcome(document, (session.words("terminal.cosigned", size=str(head.size), file=options.url),))


def trust_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Trust an outside witness: its cosignatures count from now on."""
    witnessing = session.witnessing()
    witnessing.trust_witness(options.key)
    return _policy(session, witnessing)


def watch_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Begin to witness the ledger with this key."""
    witnessing = session.witnessing()
    witnessing.trust(options.key)
    logs = witnessing.logs()
    document = {"logs": [{"origin": origin, "size": size} for origin, size in logs]}
    lines = (session.words("terminal.witness.log", origin=origin, n=str(size)) for origin, size in logs)
    return Outcome(document, tuple(lines))


def quorum_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Show how many of the trusted witnesses must have cosigned, or set it."""
    witnessing = session.witnessing()
    if options.number is not None:
        witnessing.set_quorum(options.number)
    return _policy(session, witnessing)


def _policy(session: Session, witnessing: Any) -> Outcome:
    trusted, needed = witnessing.trusted(), witnessing.quorum()
    line = session.words("terminal.witness.quorum", needed=str(needed), n=str(len(trusted)))
    return Outcome({"trusted": list(trusted), "quorum": needed}, (line, *trusted))
