"""Pages of prescriptions: the doctor's editor, the pharmacist's desk, the patient's list."""
