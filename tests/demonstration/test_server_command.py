"""What `main.py server --demo` tells of its patients."""

from demonstration import people, server_command


def test_every_fictitious_patient_is_told_of():
    described = [server_command._described(seed) for seed in people.DOSSIERS]
    assert all(one["purpose"] for one in described)
    assert len({one["ins"] for one in described}) == len(described)
